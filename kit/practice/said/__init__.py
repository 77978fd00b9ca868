"""What a letter says, held against its case: claims, days, amounts and places."""
