"""The practice province 练习省: 54 invented unit sites with known faults, served on loopback."""
