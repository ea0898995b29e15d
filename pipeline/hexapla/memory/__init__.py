"""Translation memories that last: units in versions, looked up, corrected and added to."""
