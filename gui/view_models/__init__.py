"""What the pages show and change: the document, its history and the engine's latest answer."""
