package store_test

import (
	"fmt"
	"os"
	"testing"

	"waymark/store"
	"waymark/store/storetest"
)

func TestMain(m *testing.M) {
	if text := os.Getenv(childEnv); text != "" {
		if err := runChild(text); err != nil {
			fmt.Fprintln(os.Stderr, "the writing process:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
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
