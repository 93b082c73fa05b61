"""The Dramatiq broker as a doorbell: ring after commit, never needed for the truth."""
