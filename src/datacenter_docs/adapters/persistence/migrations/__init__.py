"""The schema's history. Only upwards: to go back, restore a backup."""
