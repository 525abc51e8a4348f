package store

import (
	"context"
	"database/sql"
	"strings"
	"sync"
)

// engine is a database system.
type engine string

const (
	sqliteEngine   engine = "sqlite"
	postgresEngine engine = "postgres"
)

var (
	forSQLite   = strings.NewReplacer("$", "?", "{ID}", "INTEGER PRIMARY KEY", "{BYTES}", "BLOB", "{CLUSTERED}", "WITHOUT ROWID", "{INLINE}", "", "{SERVER}", "--", "{LOCK}", "", "{SHARE}", "", "{UNINDEXED}", "+")
	forPostgres = strings.NewReplacer("{ID}", "BIGINT PRIMARY KEY", "{BYTES}", "BYTEA", "{CLUSTERED}", "", "{INLINE}", "WITH (toast_tuple_target = 8160)", "{SERVER}", "", "{LOCK}", "FOR UPDATE", "{SHARE}", "FOR KEY SHARE", "{UNINDEXED}", "")
)

// text turns the house's SQL into the engine's: $1 to ?1, and the few words in
// braces that differ.
//
//	{ID}         a 63-bit primary key
//	{BYTES}      the type of binary columns
//	{CLUSTERED}  rows are kept in the order of the primary key
//	{INLINE}     sealed documents stay in their row: PostgreSQL would try to compress
//	             them, in vain, and keep them in a table of their own
//	{SERVER}     before a line that SQLite does without
//	{LOCK}       lock the rows that are read until the end
//	{SHARE}      keep the rows that are read from going away
//	{UNINDEXED}  before a column: choose no index by it; SQLite knows less than we
func (e engine) text(query string) string {
	if e == sqliteEngine {
		return forSQLite.Replace(query)
	}
	return forPostgres.Replace(query)
}

// manyStatements bounds what is kept prepared. Queries with lists of varying
// length beyond it are prepared at every call.
const manyStatements = 300

// statements keeps queries prepared on a pool. PostgreSQL's driver does so
// itself; for it only the text is kept.
type statements struct {
	engine  engine
	pool    *sql.DB
	mu      sync.RWMutex
	known   map[string]statement
	pending []string
}

// statement is a query in the engine's words, prepared or not.
type statement struct {
	text     string
	prepared *sql.Stmt
}

func newStatements(e engine, pool *sql.DB) *statements {
	return &statements{engine: e, pool: pool, known: map[string]statement{}}
}

// find returns a query in the engine's words. One that is new is not prepared:
// the caller may hold the only connection that could do so. prepare does it later.
func (s *statements) find(query string) statement {
	s.mu.RLock()
	found, ok := s.known[query]
	s.mu.RUnlock()
	if ok {
		return found
	}
	found = statement{text: s.engine.text(query)}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.known[query]; !ok && len(s.known) < manyStatements {
		s.known[query] = found
		if s.engine == sqliteEngine {
			s.pending = append(s.pending, query)
		}
	}
	return found
}

// prepare prepares what was met since the last call. The caller holds no
// connection. What cannot be prepared stays as it is: running it tells why.
func (s *statements) prepare(ctx context.Context) {
	s.mu.RLock()
	none := len(s.pending) == 0
	s.mu.RUnlock()
	if none {
		return
	}
	s.mu.Lock()
	queries := s.pending
	s.pending = nil
	s.mu.Unlock()
	for _, query := range queries {
		text := s.engine.text(query)
		stmt, err := s.pool.PrepareContext(ctx, text)
		if err != nil {
			continue
		}
		s.mu.Lock()
		s.known[query] = statement{text, stmt}
		s.mu.Unlock()
	}
}
