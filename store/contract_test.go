package store_test

import (
	"os"
	"testing"

	"waymark/store"
	"waymark/store/storetest"
)

func TestMain(m *testing.M) {
	code := m.Run()
	storetest.Stop()
	os.Exit(code)
}

func TestSQLite(t *testing.T)     { run(t, storetest.SQLite) }
func TestPostgreSQL(t *testing.T) { run(t, storetest.PostgreSQL) }

func run(t *testing.T, e storetest.Engine) {
	e.Few = store.SetFew
	storetest.Run(t, e)
}
