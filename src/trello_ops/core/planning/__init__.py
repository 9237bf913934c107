"""What is to be changed on Trello, and whether that is safe."""
