package store

import (
	"context"

	"waymark/trust/audit"
)

// State is how the database is at a moment.
type State struct {
	Engine string // with its version: "SQLite 3.51.0"
	// Schema is the number of the newest migration.
	Schema int64
	// Size is that of the database in bytes, its journal not counted.
	Size int64
	// Unchecked counts submissions that wait for their check, up to 1,000.
	Unchecked int
	// Entries of the audit log, and the last signed checkpoint, nil for none.
	Entries int64
	Signed  *audit.Kept
}

// State looks at the database.
func (db *DB) State(ctx context.Context) (*State, error) {
	s := &State{}
	r := db.on(ctx)
	name, version, size := "SQLite ", "SELECT sqlite_version()", "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
	if db.engine == postgresEngine {
		name, version, size = "PostgreSQL ", "SELECT current_setting('server_version')", "SELECT pg_database_size(current_database())"
	}
	for _, ask := range []struct {
		query string
		into  any
	}{
		{version, &s.Engine},
		{size, &s.Size},
		{"SELECT max(version_id) FROM goose_db_version WHERE is_applied", &s.Schema},
		{"SELECT size FROM audit_head", &s.Entries},
	} {
		if err := r.One(ask.query, nil, ask.into); err != nil {
			return nil, err
		}
	}
	s.Engine = name + s.Engine
	kept, err := keptCheckpoints(r, 1)
	if err != nil {
		return nil, err
	}
	if len(kept) > 0 {
		s.Signed = &kept[0]
	}
	s.Unchecked, err = db.CountUnchecked(ctx)
	return s, err
}
