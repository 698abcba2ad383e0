"""Dead links and links that only look dead, judged by us and by other link checkers over one loopback server."""
