"""Reading of documents: file formats, structure, sentences, languages, and the bundled sample."""
