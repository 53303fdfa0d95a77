"""What we say: a sentence for each reason, in the reader's language; Markdown made safe."""
