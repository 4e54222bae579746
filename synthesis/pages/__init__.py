"""Invented hospital documents whose every glyph carries its true label in its colour."""
