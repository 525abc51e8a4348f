package ids

import (
	"sort"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestIDsGrowWhenTheClockIsSetBack(t *testing.T) {
	now := time.Date(2016, 10, 6, 12, 0, 0, 0, time.UTC).AddDate(10, 0, 0)
	s := NewSource(func() time.Time { now = now.Add(-time.Second); return now })
	last := ID(0)
	for range 10000 {
		id := s.New()
		if id <= last {
			t.Fatalf("%d after %d", id, last)
		}
		last = id
	}
}

func TestTextSortsAsNumbersDo(t *testing.T) {
	var texts []string
	for range 1000 {
		texts = append(texts, New().String())
	}
	if !sort.StringsAreSorted(texts) {
		t.Fatal("texts of growing IDs do not grow")
	}
	if d := time.Since(New().Time()); d < -time.Second || d > time.Minute {
		t.Fatalf("an ID made now says it is %v old", d)
	}
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := ID(rapid.Int64Range(1, 1<<63-1).Draw(t, "id"))
		back, err := Parse(id.String())
		if err != nil || back != id {
			t.Fatalf("%d became %q became %d, %v", id, id.String(), back, err)
		}
	})
}

func TestMalformed(t *testing.T) {
	for _, s := range []string{"", "1", strings.Repeat("0", 13), strings.Repeat("z", 13), "000000000000I", "0000000000 01", "../../etc/pas"} {
		if id, err := Parse(s); err == nil {
			t.Errorf("%q was read as %d", s, id)
		}
	}
}
