"""Pretranslation: files to translate, filled with the matches of a memory, and their analysis."""
