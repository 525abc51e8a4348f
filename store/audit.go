package store

import (
	"encoding/json"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"

	"waymark/internal/fault"
	"waymark/trust/audit"
)

// head is the end of the audit's tree: how many entries it has, and the hashes
// of its complete subtrees from the widest, which is all that appending needs.
type head struct {
	size     int64
	frontier []tlog.Hash
}

// readHead reads it, and keeps others from appending until the transaction ends.
func readHead(r reader) (*head, error) {
	var h head
	var frontier []byte
	if err := r.One("SELECT size, frontier FROM audit_head WHERE id = 1 {LOCK}", nil, &h.size, &frontier); err != nil {
		return nil, err
	}
	if len(frontier) != bits.OnesCount64(uint64(h.size))*tlog.HashSize {
		return nil, fault.New(fault.Internal, fault.Place{}, "the head of the audit log is damaged", "verify the log with waymark audit verify, and restore a backup")
	}
	for i := 0; i < len(frontier); i += tlog.HashSize {
		h.frontier = append(h.frontier, tlog.Hash(frontier[i:i+tlog.HashSize]))
	}
	return &h, nil
}

// append writes entries behind the head, and the head. h stays as it is.
func (h *head) append(t *Tx, entries []audit.Entry) (*head, error) {
	if len(entries) == 0 {
		return h, nil
	}
	next := &head{h.size, append([]tlog.Hash(nil), h.frontier...)}
	rows := make([][]any, 0, len(entries))
	for _, e := range entries {
		text, err := json.Marshal(e)
		if err != nil {
			return nil, err
		}
		rows = append(rows, []any{next.size, e.At.UnixMilli(), string(e.Actor.Kind), e.Actor.ID, e.Action, e.Programme, e.Subject, text})
		next.grow(tlog.RecordHash(text))
	}
	if err := insert(t, "INSERT INTO audit_entry (number, at, actor_kind, actor, action, programme, subject, entry) VALUES", "", rows); err != nil {
		return nil, err
	}
	frontier := make([]byte, 0, len(next.frontier)*tlog.HashSize)
	for _, hash := range next.frontier {
		frontier = append(frontier, hash[:]...)
	}
	_, err := t.Exec("UPDATE audit_head SET size = $1, frontier = $2 WHERE id = 1", next.size, frontier)
	return next, err
}

// grow adds one leaf: as many pairs are joined as the old size ends in ones.
func (h *head) grow(leaf tlog.Hash) {
	for n := h.size; n&1 == 1; n >>= 1 {
		last := len(h.frontier) - 1
		leaf = tlog.NodeHash(h.frontier[last], leaf)
		h.frontier = h.frontier[:last]
	}
	h.frontier = append(h.frontier, leaf)
	h.size++
}
