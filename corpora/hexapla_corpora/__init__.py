"""Documents in: readers, structure, sentences, languages and the bundled sample."""
