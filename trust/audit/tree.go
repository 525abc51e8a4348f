package audit

import (
	"bytes"
	"crypto/sha256"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"

	"waymark/internal/fault"
)

// Hash is a node of the tree (RFC 6962, section 2.1).
type Hash = tlog.Hash

// Tree is a log as far as one must know it to go on: how many entries it has,
// and the hashes of its complete subtrees from the widest (its right edge). The
// zero value is an empty log. It is not safe for concurrent use.
type Tree struct {
	size     int64
	frontier []Hash
}

// RestoreTree returns the tree of a size and a frontier that were kept. A
// frontier that does not fit the size is a fault.
func RestoreTree(size int64, frontier []byte) (*Tree, error) {
	if size < 0 || len(frontier) != bits.OnesCount64(uint64(size))*tlog.HashSize {
		return nil, fault.New(fault.Internal, fault.Place{}, "the head of the audit log is damaged",
			"stop the server, verify an export with waymark audit verify, and restore a backup")
	}
	t := &Tree{size: size}
	for part := frontier; len(part) > 0; part = part[tlog.HashSize:] {
		t.frontier = append(t.frontier, Hash(part[:tlog.HashSize]))
	}
	return t, nil
}

// Size is how many entries there are.
func (t *Tree) Size() int64 { return t.size }

// Frontier is what to keep beside the size.
func (t *Tree) Frontier() []byte {
	var b bytes.Buffer
	for _, h := range t.frontier {
		b.Write(h[:])
	}
	return b.Bytes()
}

// Clone returns a tree that grows apart from this one.
func (t *Tree) Clone() *Tree { return &Tree{t.size, append([]Hash(nil), t.frontier...)} }

// Append encodes entries and adds them behind the last; the texts are what to
// keep, since only they give the same hashes again. If one of them is refused,
// none is added.
func (t *Tree) Append(entries ...Entry) ([][]byte, error) {
	texts := make([][]byte, len(entries))
	for i, e := range entries {
		var err error
		if texts[i], err = Encode(e); err != nil {
			return nil, err
		}
	}
	for _, text := range texts {
		t.Grow(tlog.RecordHash(text))
	}
	return texts, nil
}

// Grow adds one entry by the hash of its text (tlog.RecordHash).
func (t *Tree) Grow(leaf Hash) {
	// As many subtrees are completed as the old size ends in ones.
	for n := t.size; n&1 == 1; n >>= 1 {
		last := len(t.frontier) - 1
		leaf = tlog.NodeHash(t.frontier[last], leaf)
		t.frontier = t.frontier[:last]
	}
	t.frontier = append(t.frontier, leaf)
	t.size++
}

// Root is the hash that stands for all entries and their order.
func (t *Tree) Root() Hash {
	if t.size == 0 {
		return sha256.Sum256(nil)
	}
	root := t.frontier[len(t.frontier)-1]
	for i := len(t.frontier) - 2; i >= 0; i-- {
		root = tlog.NodeHash(t.frontier[i], root)
	}
	return root
}
