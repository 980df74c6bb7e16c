"""Everything that touches e-mail: providers, rendering, delivery, and the providers' events."""
