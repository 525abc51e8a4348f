package handover

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"waymark/internal/fault"
	"waymark/referral"
	"waymark/referral/rule"
)

// The name and version of the form for machines.
const (
	Format  = "waymark.referral"
	Version = 1
)

// Machine is the form for machines. A change that a reader must know of raises Version.
type Machine struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	Pathway string `json:"pathway"`
	Rules   string `json:"rules"`
	Outcome string `json:"outcome"`
	// Key is the same at every delivery of the package.
	Key    string              `json:"key"`
	Digest string              `json:"digest"` // SHA-256 of the values as JSON, in hex
	Made   string              `json:"made"`   // RFC 3339, UTC, whole seconds
	Sender MachineSender       `json:"sender"`
	Values map[string][]string `json:"values"` // by question of the rules
	Files  []MachineFile       `json:"documents"`
}

// MachineSender is who sends a package.
type MachineSender struct {
	Organisation string `json:"organisation"`
	Reference    string `json:"reference"`
}

// MachineFile is a document by reference: its content goes another way.
type MachineFile struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Type   string `json:"type"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// JSON is the package for machines: canonical, so that the same package has the same
// bytes.
func (s *Sheet) JSON() []byte { return bytes.Clone(s.machine) }

func machine(p *rule.Pathway, pack *referral.Package, about About) ([]byte, error) {
	m := Machine{Format: Format, Version: Version, Pathway: p.ID, Rules: pack.Rules, Outcome: pack.Outcome, Key: pack.Key, Digest: pack.Digest,
		Made: pack.Made.UTC().Truncate(time.Second).Format(time.RFC3339), Sender: MachineSender{about.Organisation, about.Reference},
		Values: pack.Values, Files: []MachineFile{}}
	for _, q := range p.Referral.Questions() {
		if q.Kind != rule.Files {
			continue
		}
		for _, id := range pack.Values[q.ID] {
			f, ok := about.Files[id]
			if !ok {
				return nil, fault.New(fault.Conflict, fault.Place{Field: q.ID}, "a document of the referral is not there", "take the check back and upload it again")
			}
			m.Files = append(m.Files, MachineFile{id, f.Title, f.Type, f.Size, f.SHA256})
		}
	}
	slices.SortFunc(m.Files, func(a, b MachineFile) int { return bytes.Compare([]byte(a.ID), []byte(b.ID)) })
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(m)
	return b.Bytes(), err
}
