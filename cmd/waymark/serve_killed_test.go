package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/referral"
	"waymark/web/matter"
)

// serving is a process of the program that serves a folder.
type serving struct {
	*exec.Cmd
	base string
}

var listeningOn = regexp.MustCompile(`listening on (\S+);`)

func startServing(t *testing.T, data string) *serving {
	t.Helper()
	p := &serving{Cmd: exec.Command("waymark", "serve", "--data", data, "--listen", "127.0.0.1:0")}
	p.Env = append(os.Environ(), "WAYMARK_DATABASE_URL=")
	var errs sharedLog
	p.Stderr = &errs
	out, err := p.StdoutPipe()
	if err == nil {
		err = p.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if m := listeningOn.FindStringSubmatch(lines.Text()); m != nil {
			p.base = "http://" + m[1]
			go func() {
				for lines.Scan() { // so that it never waits for a reader
				}
			}()
			return p
		}
	}
	t.Fatalf("the server did not start: %s", errs.bytes())
	return nil
}

// telling is a frontline worker with a concern on the way.
type telling struct {
	*visitor
	at, words string
	sent      bool // the button was pressed
	handed    bool // and the answer came
}

// tell goes through the pages and hands in, until the line is cut.
func (w *telling) tell() {
	v := w.visitor
	plant := func(_, kind string) string {
		if kind == "textarea" {
			return w.words
		}
		return ""
	}
	start := v.get(w.at)
	if start.StatusCode != 200 {
		return
	}
	got := v.submit(start, w.at+"/start", nil)
	for got.StatusCode == 303 && got.to() != w.at+"/advice" {
		next := got.to()
		if got = v.get(next); got.StatusCode == 200 {
			got = v.fill(got, next, nil, plant, nil)
		}
	}
	if got.StatusCode == 303 {
		w.press()
	}
}

func (w *telling) press() {
	w.sent = true
	got := w.post(w.at+"/hand", fields{})
	w.handed = got.StatusCode == 303 && got.to() == w.at+"/receipt"
}

// TestPromise17KilledWhileConcernsAreHandedIn kills the serving process again and again
// while frontline workers hand in. Whoever was told that it arrived finds it; who was
// told nothing presses again; every concern is there once.
func TestPromise17KilledWhileConcernsAreHandedIn(t *testing.T) {
	t.Setenv("WAYMARK_DATABASE_URL", "")
	data := filepath.Join(t.TempDir(), "data")
	c, err := (&houseFlags{data: data}).load()
	if err != nil {
		t.Fatal(err)
	}
	const links = 6 // each takes so many from one address
	network, tokens := killedNetwork(t, c, links)
	var all []*telling
	var mu sync.Mutex
	for round := range 5 {
		p := startServing(t, data)
		acknowledged := make(chan struct{}, 1000)
		stop := make(chan struct{})
		var work sync.WaitGroup
		for i := range links {
			work.Go(func() {
				for n := range 12 {
					jar, err := cookiejar.New(nil)
					if err != nil {
						t.Error(err)
						return
					}
					w := &telling{at: "/report/" + tokens[i], words: fmt.Sprintf("synthetic words %d-%d-%d.", round, i, n),
						visitor: &visitor{t: t, base: p.base, name: "worker", http: browserOf(jar), lost: true}}
					w.tell()
					mu.Lock()
					all = append(all, w)
					mu.Unlock()
					if !w.handed {
						return
					}
					acknowledged <- struct{}{}
				}
				<-stop
			})
		}
		for range 9 + 7*round {
			<-acknowledged
		}
		if err := p.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		close(stop)
		work.Wait()
		_ = p.Wait() // killed
	}
	p := startServing(t, data)
	handed, again := 0, 0
	for _, w := range all {
		w.base, w.lost = p.base, false
		if !w.sent {
			continue
		}
		if !w.handed {
			w.press()
			again++
		}
		if page := w.get(w.at + "/receipt"); !w.handed || page.StatusCode != 200 || !receiptOn.MatchString(page.body) {
			t.Errorf("who handed in %q gets %d", w.words, page.StatusCode)
		}
		w.press() // once more changes nothing
		handed++
	}
	if err := p.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.Wait() // killed
	t.Logf("%d handed in, of which %d were asked again", handed, again)
	if handed < 100 {
		t.Errorf("only %d were handed in", handed)
	}
	once(t, c, network, all, handed)
}

// killedNetwork makes a network whose desk gets what comes over links.
func killedNetwork(t *testing.T, c *serveConfig, links int) (id ids.ID, tokens []string) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := t.Context()
	h, err := openHouse(ctx, c, discard())
	must(err)
	defer h.Close()
	programme := &collection.Programme{Name: "Harbour network (synthetic)", Created: time.Now()}
	must(h.db.PutProgramme(ctx, testBy, programme))
	db := h.db.Referral()
	must(db.PutNetwork(ctx, testBy, &referral.Network{Programme: programme.ID, Pathway: "uk", Nation: "england-wales", AcceptWithin: 2}))
	desk := &referral.Agency{Network: programme.ID, Name: "Harbour Council (synthetic)", Kind: "local-authority", Desk: true, Contact: 31, DeputyAfter: 60, SeeWithin: 120,
		Hours: referral.Hours{From: 9 * 60, To: 17 * 60}}
	must(db.PutAgency(ctx, testBy, desk))
	digest, err := (&site{house: h}).tokenDigest()
	must(err)
	for range links {
		token := matter.NewToken()
		must(db.PutLink(ctx, testBy, &referral.Link{Network: programme.ID, Desk: desk.ID, Name: "Harbour Fire and Rescue (synthetic)", Kind: "fire-and-rescue", Lang: "en", Made: time.Now()}, digest(token)))
		tokens = append(tokens, token)
	}
	return programme.ID, tokens
}

// once checks that every concern that was handed in is there once, with its words, and
// that the audit says so once.
func once(t *testing.T, c *serveConfig, network ids.ID, all []*telling, handed int) {
	t.Helper()
	ctx := context.Background()
	h, err := openHouse(ctx, c, discard())
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	db := h.db.Referral()
	times := map[string]int{}
	received, after := 0, ""
	for {
		page, err := db.ListMatters(ctx, referral.Filter{Network: network, Kind: referral.Concern, States: []referral.State{referral.Received}, Limit: 100, After: after})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page.Matters {
			received++
			f, err := db.Open(ctx, testBy, m.ID, "concern.read")
			if err != nil {
				t.Fatal(err)
			}
			_, a, err := f.Answered()
			if err != nil {
				t.Fatal(err)
			}
			times[strings.Join(a.Values["words"], "")]++
			history, err := db.MatterHistory(ctx, m.ID)
			if err != nil {
				t.Fatal(err)
			}
			said := 0
			for _, e := range history {
				if strings.Contains(e.Action, string(referral.HandIn)) {
					said++
				}
			}
			if said != 1 {
				t.Errorf("the audit has it %d times: %v", said, history)
			}
		}
		if after = page.Next; after == "" {
			break
		}
	}
	for _, w := range all {
		if want := map[bool]int{true: 1}[w.sent]; times[w.words] != want {
			t.Errorf("%q is there %d times, not %d", w.words, times[w.words], want)
		}
	}
	if received != handed {
		t.Errorf("%d are there, %d were handed in", received, handed)
	}
}
