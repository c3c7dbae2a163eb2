"""Real systems that start in a second: FRR routers in network namespaces, btrfs and xfs on loop devices. They need root."""
