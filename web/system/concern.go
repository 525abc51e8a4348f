package system

import (
	"time"

	"waymark/web/page"
)

// When the state is a concern. Limits of ours, chosen so that there is time to act.
const (
	leastShare     = 0.10               // of the disk that should be free
	leastFree      = 2 << 30            // bytes that should be free, on large disks too
	oldBackup      = 8 * 24 * time.Hour // weekly, with a day to spare
	oldCheckpoint  = 3 * time.Hour      // signed every few minutes, with time for a repair
	manyFailures   = 3
	manyUnchecked  = 1000
	freshServer    = time.Hour // in which nothing is late yet
	leastOfBigDisk = 0.05
)

// concern is something that needs attention.
type concern struct {
	// Text says what is so, Do what to do about it.
	Text, Do string
	// Grave concerns come first: data or service are at risk now.
	Grave bool
}

// concerns judges a state, the grave first.
func concerns(r *page.Request, s *State, now time.Time) []concern {
	var grave, other []concern
	add := func(isGrave bool, key string, args ...any) {
		c := concern{Text: r.Text("system.concern."+key, args...), Do: r.Text("system.concern." + key + ".do"), Grave: isGrave}
		if isGrave {
			grave = append(grave, c)
		} else {
			other = append(other, c)
		}
	}
	for _, k := range s.Keys {
		if k.State == KeyMissing {
			add(true, "key", "scope", k.Scope)
		}
	}
	if s.Total > 0 {
		share := float64(s.Free) / float64(s.Total)
		if s.Free < leastFree/4 || share < leastOfBigDisk && s.Free < leastFree {
			add(true, "disk", "free", r.Words().Bytes(s.Free))
		} else if share < leastShare && s.Free < 10*leastFree {
			add(false, "disk", "free", r.Words().Bytes(s.Free))
		}
	}
	for _, j := range s.Jobs {
		if j.Failures >= manyFailures {
			add(false, "job", "job", jobText(r, j.Name), "n", j.Failures)
		}
	}
	if now.Sub(s.Started) > freshServer {
		switch {
		case s.Backup.IsZero():
			add(false, "no-backup")
		case now.Sub(s.Backup) > oldBackup:
			add(false, "backup", "day", r.Words().Day(s.Backup))
		}
		if now.Sub(s.Signed) > oldCheckpoint {
			add(false, "checkpoint")
		}
	}
	if s.Unchecked > manyUnchecked {
		add(false, "unchecked", "n", s.Unchecked)
	}
	return append(grave, other...)
}

// jobText says a job in words; one that has none is its own name.
func jobText(r *page.Request, name string) string {
	if key := "system.job." + name; r.Words().Has(key) {
		return r.Text(key)
	}
	return name
}
