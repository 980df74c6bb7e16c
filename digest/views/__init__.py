"""What people and machines see over HTTP: papers, digests, the admin, health."""
