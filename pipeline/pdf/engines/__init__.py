"""Engines that read the glyphs of a page, behind one interface (`pdf.glyphs.Engine`)."""
