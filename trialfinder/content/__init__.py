"""Every sentence that a visitor reads, and the checks that keep it plain and sourced."""
