"""The playground: private servers on loop-back, a sample company, sample mail."""
