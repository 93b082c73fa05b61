"""Configuration: config/ read once into one frozen Settings."""
