package vault

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// TestMain lets the test program stand in for other processes.
func TestMain(m *testing.M) {
	if dir := os.Getenv("VAULT_TEST_CREATE"); dir != "" {
		os.Exit(createAsOther(dir))
	}
	os.Exit(m.Run())
}

func createAsOther(dir string) int {
	io.ReadAll(os.Stdin) // all start when the parent closes it
	m, err := File(filepath.Join(dir, "master.key"), dir)
	if err == nil {
		var v *Vault
		if v, err = Open(dir, m); err == nil {
			if err = v.Create("round-a"); err == nil {
				var print string
				print, err = v.Fingerprint("round-a")
				fmt.Print(print)
			}
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func TestProcessesThatCreateTheSameScopeShareIt(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "keys")
	const n = 6
	outs := make([]bytes.Buffer, n)
	var wait []func() error
	var start []io.Closer
	for i := range n {
		cmd := exec.Command(self)
		cmd.Env = append(os.Environ(), "VAULT_TEST_CREATE="+dir)
		cmd.Stdout, cmd.Stderr = &outs[i], os.Stderr
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		wait, start = append(wait, cmd.Wait), append(start, in)
	}
	for _, in := range start {
		in.Close()
	}
	for i := range n {
		if err := wait[i](); err != nil {
			t.Fatal(err)
		}
		if outs[i].Len() != 32 || outs[i].String() != outs[0].String() {
			t.Errorf("process %d has the keys %q, process 0 %q", i, outs[i].String(), outs[0].String())
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("left in the folder: %v, %v", entries, err)
	}
}

func TestGoroutinesThatCreateAndDestroy(t *testing.T) {
	v := fresh(t)
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			for round := range 5 {
				scope := Scope(fmt.Sprintf("round-%d", round))
				err := v.Create(scope)
				if err == nil {
					var sealed []byte
					if sealed, err = v.Seal(scope, []byte("a"), "x"); err == nil {
						_, err = v.Open(scope, sealed, "x")
					}
				}
				if err == nil && i == 0 {
					err = v.Destroy(scope)
				}
				if err != nil && !errors.Is(err, ErrDestroyed) {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	for round := range 5 {
		if _, err := v.Seal(Scope(fmt.Sprintf("round-%d", round)), nil, ""); !errors.Is(err, ErrDestroyed) {
			t.Errorf("round %d after its destruction: %v", round, err)
		}
	}
}
