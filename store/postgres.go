package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"waymark/internal/fault"
)

// openPostgres opens a pool that writes and one that reads. The server is told
// to be durable at commit and to give up what takes too long.
func (db *DB) openPostgres(ctx context.Context, o Options) error {
	db.engine = postgresEngine
	config, err := pgx.ParseConfig(o.URL)
	if err != nil {
		// The cause is left out: it may show what stands in the URL.
		return fault.New(fault.Invalid, fault.Place{}, "the URL of the database cannot be read",
			"write postgres://user:password@host:5432/name?sslmode=verify-full")
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 5 * time.Second
	}
	for name, value := range map[string]string{
		"application_name":                    "waymark",
		"synchronous_commit":                  "on",
		"client_encoding":                     "UTF8",
		"statement_timeout":                   "30s",
		"lock_timeout":                        "20s",
		"idle_in_transaction_session_timeout": "60s",
	} {
		config.RuntimeParams[name] = value
	}
	db.write = stdlib.OpenDB(*config)
	keepOpen(db.write, 4)
	reading := config.Copy()
	reading.RuntimeParams["default_transaction_read_only"] = "on"
	// Pages read little; starting helpers and compilers takes longer.
	reading.RuntimeParams["max_parallel_workers_per_gather"] = "0"
	reading.RuntimeParams["jit"] = "off"
	db.read = stdlib.OpenDB(*reading)
	db.turns = make(chan struct{}, 2*o.Readers)
	keepOpen(db.read, 2*o.Readers)
	if err := db.write.PingContext(ctx); err != nil {
		return fault.Wrap(fault.Unavailable, fault.Place{}, "the database does not answer",
			"see that PostgreSQL runs, and that its URL names the right host, database, user and password", err)
	}
	return nil
}

// keepOpen bounds a pool. As many connections may be idle as open: a new one costs
// the server a process and every statement another preparation, which under load
// is more than the work that it was opened for.
func keepOpen(pool *sql.DB, n int) {
	pool.SetMaxOpenConns(n)
	pool.SetMaxIdleConns(n)
	pool.SetConnMaxIdleTime(5 * time.Minute)
}
