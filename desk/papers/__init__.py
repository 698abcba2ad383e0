"""The papers of rectification and of the campaign: written once as a value, drawn as DOCX, HTML and XLSX."""
