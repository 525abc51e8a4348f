package vault

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// TestMain lets the test program stand in for other processes.
func TestMain(m *testing.M) {
	if dir := os.Getenv("VAULT_TEST_CREATE"); dir != "" {
		os.Exit(createAsOther(dir))
	}
	if dir := os.Getenv("VAULT_TEST_CASES"); dir != "" {
		os.Exit(casesAsOther(dir))
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

// casesAsOther makes keys of cases, destroys some and rotates without end, and says
// what is done once it is durable.
func casesAsOther(dir string) int {
	m, err := File(filepath.Join(dir, "master.key"), dir)
	var v *Vault
	if err == nil {
		v, err = Open(dir, m)
	}
	var c *Cases
	if err == nil {
		c, err = OpenCases(v)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	failed := make(chan error)
	go func() {
		for {
			if _, err := c.Rotate(context.Background(), nil); err != nil {
				failed <- err
			}
			fmt.Println("rotated -")
		}
	}()
	go func() {
		for i := 0; ; i++ {
			id := Scope(fmt.Sprintf("case-%d-%d", os.Getpid(), i))
			err := c.Create(id)
			var sealed []byte
			if err == nil {
				sealed, err = c.Seal(id, []byte(canary), "part:1")
			}
			if err != nil {
				failed <- err
			}
			fmt.Printf("made %s %x\n", id, sealed)
			if i%4 == 3 {
				if err := c.Destroy(id); err != nil {
					failed <- err
				}
				fmt.Println("destroyed", id)
			}
		}
	}()
	fmt.Fprintln(os.Stderr, <-failed)
	return 1
}

// TestKilledWhileItMakesAndRotates: kill -9 at any moment loses no key that was
// said to be there, brings none back, and leaves a rotation that can go on.
func TestKilledWhileItMakesAndRotates(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "keys")
	made, gone := map[Scope][]byte{}, map[Scope]bool{}
	for round := range 12 {
		cmd := exec.Command(self)
		cmd.Env = append(os.Environ(), "VAULT_TEST_CASES="+dir)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			if n == 20+7*round {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
			fields := strings.Fields(lines.Text())
			switch {
			case len(fields) == 3 && fields[0] == "made":
				sealed, err := hex.DecodeString(fields[2])
				if err != nil { // the last line, cut
					continue
				}
				made[Scope(fields[1])] = sealed
			case len(fields) == 2 && fields[0] == "destroyed" && made[Scope(fields[1])] != nil:
				gone[Scope(fields[1])] = true
			}
		}
		if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() == 1 {
			t.Fatalf("it ended by itself: %v", err)
		}
	}
	if len(made) < 100 || len(gone) < 20 {
		t.Fatalf("only %d made and %d destroyed", len(made), len(gone))
	}
	check := func() {
		t.Helper()
		c := cases(t, open(t, dir))
		for id, sealed := range made {
			plain, err := c.Open(id, sealed, "part:1")
			destroyed := errors.Is(err, ErrDestroyed)
			switch {
			case gone[id] && !destroyed:
				t.Errorf("%s was destroyed, and opens: %v", id, err)
			case !destroyed && (err != nil || string(plain) != canary):
				t.Errorf("%s opens as %q, %v", id, plain, err)
			}
			// The last of a process may have been destroyed without its word.
		}
	}
	check()
	c := cases(t, open(t, dir))
	if _, err := c.Rotate(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if w := c.wrapping.Load(); len(w.keys) != 1 {
		t.Errorf("the keys %v wrap after the rotation", w.keys)
	}
	check()
	for id := range gone {
		if left, err := filepath.Glob(filepath.Join(c.dir, shard(id), string(id)+".*")); err != nil || len(left) != 1 {
			t.Errorf("left of %s: %v, %v", id, left, err)
		}
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
