package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A wrong call exits with 2; what is wrong with the data or its names, with 1.
// A column of too many values is refused as groups and taken as clusters.
func TestAnalyseExitCodes(t *testing.T) {
	var b strings.Builder
	b.WriteString("id,y\n")
	for i := range 12_000 {
		fmt.Fprintf(&b, "k%d,%d\n", i, i%7)
	}
	file := filepath.Join(t.TempDir(), "many.csv")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"", 2, "takes one file"},
		{file, 2, "nothing is asked"},
		{file + " --mean y --trim x", 2, "is not lower,upper"},
		{file + " --quantile y:2", 2, "is not a share"},
		{file + " --mean z", 1, "there is no such column"},
		{file + " --mean y --weights id", 1, "used as numbers"},
		{file + " --share id", 1, "12000 different values, too many for groups"},
		{file + " --mean y --by id", 1, "12000 different values, too many for groups"},
		{file + " --mean y --cluster id", 0, "12000 primary sampling"},
	} {
		var out, errs bytes.Buffer
		args := append([]string{"analyse"}, strings.Fields(c.args)...)
		code := run(context.Background(), args, strings.NewReader(""), &out, &errs)
		if code != c.code || !strings.Contains(out.String()+errs.String(), c.says) {
			t.Errorf("%s: exit %d, want %d and %q:\n%s%s", c.args, code, c.code, c.says, out.String(), errs.String())
		}
	}
}

// A call whose context has ended stops and prints no result.
func TestAnalyseStops(t *testing.T) {
	file := filepath.Join(t.TempDir(), "d.csv")
	if err := os.WriteFile(file, []byte("y\n1\n2\n3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	var out, errs bytes.Buffer
	if code := run(ctx, []string{"analyse", file, "--mean", "y"}, strings.NewReader(""), &out, &errs); code == 0 || out.Len() > 0 {
		t.Errorf("exit %d, printed %q", code, out.String())
	}
}
