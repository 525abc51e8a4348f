package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"waymark/web/webtest"
)

// browsing runs the tests with a browser that they share.
type browsing struct{ *testing.M }

func (b browsing) Run() int { return webtest.Run(b.M) }

func TestMain(m *testing.M) {
	testscript.Main(browsing{m}, map[string]func(){
		"waymark": func() { os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs testdata/*.txtar: the command line as a user types it. The
// condition [shared] holds where the folder of reference data is beside the
// project; its path is $SHARED.
func TestScripts(t *testing.T) {
	shared, err := filepath.Abs(filepath.Join("..", "..", "..", "shared"))
	if err != nil {
		t.Fatal(err)
	}
	stat, err := filepath.Abs(filepath.Join("..", "..", "stats", "table", "testdata", "stat"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(shared); err != nil && os.Getenv("CI") != "" {
		t.Fatalf("../shared is needed in CI: %v", err)
	}
	scripts, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts were found: %v", err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		RequireExplicitExec: true,
		Condition: func(cond string) (bool, error) {
			_, err := os.Stat(shared)
			return cond == "shared" && err == nil, nil
		},
		Setup: func(env *testscript.Env) error {
			env.Setenv("SHARED", shared)
			env.Setenv("STAT", stat)
			env.Setenv("NO_COLOR", "1")
			return nil
		},
	})
}
