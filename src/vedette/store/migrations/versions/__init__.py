"""The migrations, in order. One that was ever released is never changed."""
