package store_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"waymark/referral/referraltest"
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

// TestMattersInMemory holds the store in memory that pages are tested with to what the
// databases are held to.
func TestMattersInMemory(t *testing.T) {
	storetest.Referral(t, func(t testing.TB) *storetest.Network {
		return storetest.NewNetwork(t, referraltest.NewMemory(time.Now), 7001, 7002)
	})
}
