"""Files to translate, filled with what a memory has for each of their segments."""
