package store_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/store"
	"waymark/store/storetest"
	"waymark/trust/vault"
)

// childEnv tells this program to be a process that writes, and where.
const childEnv = "WAYMARK_STORE_CHILD"

// child is what a writing process is told.
type child struct {
	Name, Dir, URL, Keys string
	Round, Form, Version ids.ID
	MostBytes            uint64 // of a file; 0 for no bound
	// Network and Agency are of a process that sends referrals; else zero.
	Network, Agency ids.ID
}

func (c *child) arrival(instance string) *collection.Arrival {
	return &collection.Arrival{Form: c.Form, Version: c.Version, Round: c.Round, InstanceID: instance, XML: storetest.Document(instance), At: storetest.Noon, Point: "P1", Route: "CMR", Day: "2016-10-06"}
}

func (c *child) open() (*store.DB, error) {
	keys, err := storetest.OpenVault(c.Keys)
	if err != nil {
		return nil, err
	}
	cases, err := vault.OpenCases(keys)
	if err != nil {
		return nil, err
	}
	return store.Open(context.Background(), store.Options{Dir: c.Dir, URL: c.URL, Vault: keys, Cases: cases, Log: slog.New(slog.DiscardHandler)})
}

// runChild stores submissions from eight callers, says which were acknowledged,
// a line each, and goes on until it is killed. The file of a line is not buffered.
func runChild(text string) error {
	var c child
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return err
	}
	db, err := c.open()
	if err != nil {
		return err
	}
	if c.MostBytes > 0 {
		return runFull(&c, db)
	}
	if c.Network != 0 {
		return runReferrals(&c, db)
	}
	errs := make(chan error)
	for worker := range 8 {
		go func() {
			for i := 0; ; i++ {
				instance := fmt.Sprintf("uuid:%s-%d-%d", c.Name, worker, i)
				got, err := db.Arrive(context.Background(), storetest.Phone, c.arrival(instance))
				if err != nil {
					errs <- err
					return
				}
				fmt.Printf("%s %s\n", instance, got.Submission)
			}
		}()
	}
	return <-errs
}

// start starts a writing process and sends what it acknowledges.
func (c child) start(t *testing.T) (*exec.Cmd, <-chan [2]string) {
	t.Helper()
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+string(text))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := make(chan [2]string, 100)
	go func() {
		defer close(lines)
		for in := bufio.NewScanner(out); in.Scan(); {
			instance, id, ok := strings.Cut(in.Text(), " ")
			if ok { // the last line may be cut
				lines <- [2]string{instance, id}
			}
		}
	}()
	return cmd, lines
}

// take reads n acknowledgements, or all until the process ends for a negative n.
func take(t *testing.T, lines <-chan [2]string, n int, acknowledged map[string]ids.ID) {
	t.Helper()
	for ; n != 0; n-- {
		line, ok := <-lines
		if !ok {
			if n > 0 {
				t.Fatal("the process ended by itself")
			}
			return
		}
		if id, err := ids.Parse(line[1]); err == nil {
			acknowledged[line[0]] = id
		}
	}
}

func newChild(t *testing.T, place *storetest.Place) child {
	t.Helper()
	db := place.Open(t)
	w := storetest.NewWorld(t, db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return child{Dir: place.Options.Dir, URL: place.Options.URL, Keys: place.Keys, Round: w.Round.ID, Form: w.Form.ID, Version: w.Version.ID}
}

func verify(t *testing.T, c child, acknowledged map[string]ids.ID) {
	t.Helper()
	db, err := c.open()
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	n := storetest.Verify(t, db, c.Round, acknowledged)
	if err := store.VerifyTree(t.Context(), db); err != nil {
		t.Error(err)
	}
	t.Logf("%d acknowledged, %d stored", len(acknowledged), n)
}

// TestKilled kills a process that writes, again and again, at moments that
// nobody chose: everything that it acknowledged is there, once.
func TestKilled(t *testing.T) {
	for _, e := range storetest.Engines {
		t.Run(e.Name, func(t *testing.T) {
			c := newChild(t, e.NewPlace(t))
			acknowledged := map[string]ids.ID{}
			for i := range 5 {
				c.Name = fmt.Sprint(i)
				cmd, lines := c.start(t)
				take(t, lines, 1+rand.IntN(150), acknowledged)
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
				take(t, lines, -1, acknowledged)
				cmd.Wait()
				verify(t, c, acknowledged)
			}
		})
	}
}

// TestOneOfThreeKilled kills one of three processes over one PostgreSQL; the
// others go on.
func TestOneOfThreeKilled(t *testing.T) {
	c := newChild(t, storetest.PostgreSQL.NewPlace(t))
	acknowledged := map[string]ids.ID{}
	var cmds []*exec.Cmd
	var lines []<-chan [2]string
	for i := range 3 {
		c.Name = fmt.Sprint(i)
		cmd, l := c.start(t)
		cmds, lines = append(cmds, cmd), append(lines, l)
	}
	for _, l := range lines {
		take(t, l, 20+rand.IntN(50), acknowledged)
	}
	cmds[1].Process.Kill()
	take(t, lines[1], -1, acknowledged)
	take(t, lines[0], 100, acknowledged)
	take(t, lines[2], 100, acknowledged)
	for i, cmd := range cmds {
		cmd.Process.Kill()
		take(t, lines[i], -1, acknowledged)
		cmd.Wait()
	}
	verify(t, c, acknowledged)
}

// TestServerRestarts stops PostgreSQL as a crash does while submissions arrive,
// and starts it again: who was refused sends again, and all are there, once.
func TestServerRestarts(t *testing.T) {
	server := storetest.Postgres(t)
	c := newChild(t, storetest.PostgreSQL.NewPlace(t))
	db, err := c.open()
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var mu sync.Mutex
	acknowledged := map[string]ids.ID{}
	refused := make(chan struct{}, 1000)
	var half sync.Once
	arrived := make(chan struct{})
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for i := range 60 {
				instance := fmt.Sprintf("uuid:%d-%d", worker, i)
				for {
					got, err := db.Arrive(t.Context(), storetest.Phone, c.arrival(instance))
					if err == nil {
						mu.Lock()
						acknowledged[instance] = got.Submission
						if len(acknowledged) > 100 {
							half.Do(func() { close(arrived) })
						}
						mu.Unlock()
						break
					}
					if fault.KindOf(err) != fault.Unavailable {
						t.Errorf("refused with %v", err)
						return
					}
					select {
					case refused <- struct{}{}:
					default:
					}
				}
			}
		})
	}
	<-arrived
	if err := server.Stop(); err != nil {
		t.Error(err)
	}
	<-refused
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	if len(acknowledged) != 480 {
		t.Errorf("%d acknowledged", len(acknowledged))
	}
	verify(t, c, acknowledged)
}

// TestFull fills the database to its bound: what does not fit is refused as
// Unavailable, what was acknowledged stays, and with room it goes on.
func TestFull(t *testing.T) {
	place := storetest.SQLite.NewPlace(t)
	place.Options.MaxPages = 300
	db := place.Open(t)
	w := storetest.NewWorld(t, db)
	acknowledged := map[string]ids.ID{}
	send := func(n int) (refused int) {
		var mu sync.Mutex
		var wg sync.WaitGroup
		for worker := range 4 {
			wg.Go(func() {
				for i := range n {
					instance := fmt.Sprintf("uuid:%d-%d", worker, i)
					got, err := db.Arrive(t.Context(), storetest.Phone, w.Arrival(instance))
					mu.Lock()
					switch {
					case err == nil:
						acknowledged[instance] = got.Submission
					case fault.KindOf(err) == fault.Unavailable && strings.Contains(err.Error(), "room"):
						refused++
					default:
						t.Errorf("refused with %v", err)
					}
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		return refused
	}
	if refused := send(100); refused == 0 || refused == 400 {
		t.Fatalf("%d of 400 were refused", refused)
	}
	if _, err := db.Submission(t.Context(), acknowledged["uuid:0-0"]); err != nil {
		t.Errorf("reading from a full database: %v", err)
	}
	if _, err := db.Writer().Exec("PRAGMA max_page_count = 100000"); err != nil {
		t.Fatal(err)
	}
	if refused := send(100); refused != 0 {
		t.Errorf("%d are refused although there is room", refused)
	}
	if n := storetest.Verify(t, db, w.Round.ID, acknowledged); n != 400 {
		t.Errorf("%d are stored", n)
	}
	if err := store.VerifyTree(t.Context(), db); err != nil {
		t.Error(err)
	}
}

// TestSpaceReturns lets the system itself refuse to write beyond a size, in the
// middle of whatever is being written, and then allow it again.
func TestSpaceReturns(t *testing.T) {
	if !canBound {
		return // the system has no such bound; TestFull has the rest
	}
	c := newChild(t, storetest.SQLite.NewPlace(t))
	c.Name, c.MostBytes = "full", 1<<20
	acknowledged := map[string]ids.ID{}
	cmd, lines := c.start(t)
	take(t, lines, -1, acknowledged)
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	verify(t, c, acknowledged)
	if _, err := os.Stat(filepath.Join(c.Dir, "waymark.db")); err != nil {
		t.Error(err)
	}
}

// runFull stores until it is refused, takes the bound away, sends what was
// refused again, and ends.
func runFull(c *child, db *store.DB) error {
	if err := boundFiles(c.MostBytes); err != nil {
		return err
	}
	refused, stored := 0, 0
	for i := 0; i < 2000; i++ {
		instance := fmt.Sprintf("uuid:%s-%d", c.Name, i)
		got, err := db.Arrive(context.Background(), storetest.Phone, c.arrival(instance))
		switch {
		case err == nil:
			stored++
			fmt.Printf("%s %s\n", instance, got.Submission)
		case fault.KindOf(err) != fault.Unavailable:
			return fmt.Errorf("refused with %w", err)
		case refused == 20:
			if err := unboundFiles(); err != nil {
				return err
			}
			fallthrough
		default:
			refused++
			i--
		}
		if refused > 20 && stored > 600 {
			return db.Close()
		}
	}
	return fmt.Errorf("%d were refused and %d stored", refused, stored)
}
