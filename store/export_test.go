package store

// SetFew makes lists take the ways for many rows with few.
func SetFew(db *DB, n int) { db.few = n }
