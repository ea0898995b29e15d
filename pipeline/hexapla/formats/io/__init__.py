"""What all formats share: bounded input from outside, and output that is written whole or not at all."""
