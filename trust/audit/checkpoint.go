package audit

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"waymark/internal/ids"
)

// maxNote bounds a checkpoint, in bytes.
const maxNote = 16 << 10

// Signer signs checkpoints of one log with an Ed25519 key.
type Signer struct {
	signer note.Signer
	key    string
}

// NewKey makes the secret of a Signer: two lines, the key that signs and the key
// that verifies. Its name, the log's origin, is new too.
func NewKey() ([]byte, error) {
	secret, public, err := note.GenerateKey(rand.Reader, "waymark-audit-"+ids.New().String())
	return []byte(secret + "\n" + public + "\n"), err
}

// NewSigner returns the signer of a secret that NewKey made.
func NewSigner(secret []byte) (*Signer, error) {
	private, public, _ := strings.Cut(string(secret), "\n")
	public = strings.TrimSuffix(public, "\n")
	s, err := note.NewSigner(private)
	if err != nil {
		return nil, errors.New("audit: this is no key that signs")
	}
	v, err := note.NewVerifier(public)
	if err != nil || v.Name() != s.Name() || v.KeyHash() != s.KeyHash() {
		return nil, errors.New("audit: the two halves of the key do not belong together")
	}
	return &Signer{s, public}, nil
}

// Origin names the log.
func (s *Signer) Origin() string { return s.signer.Name() }

// Key is the line that others verify checkpoints with. It is public.
func (s *Signer) Key() string { return s.key }

// Checkpoint signs that the log has a size and a root: origin, size and root on
// a line each, then the signature (C2SP tlog-checkpoint).
func (s *Signer) Checkpoint(size int64, root Hash) ([]byte, error) {
	return note.Sign(&note.Note{Text: fmt.Sprintf("%s\n%d\n%s\n", s.Origin(), size, root)}, s.signer)
}

// Checkpoint is what a signed note says of a log.
type Checkpoint struct {
	Origin string
	Size   int64
	Root   Hash
}

// parseCheckpoint reads the text of a note: the lines behind the third may say
// more and are passed over.
func parseCheckpoint(text string) (c Checkpoint, err error) {
	lines := strings.SplitN(text, "\n", 4)
	if len(lines) < 4 || lines[0] == "" {
		return c, errors.New("it has no origin, size and root")
	}
	c.Origin = lines[0]
	if c.Size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || c.Size < 0 || strconv.FormatInt(c.Size, 10) != lines[1] {
		return c, errors.New("its size is no number")
	}
	if c.Root, err = tlog.ParseHash(lines[2]); err != nil {
		return c, errors.New("its root is no hash")
	}
	return c, nil
}

// ReadCheckpoint opens a signed checkpoint with verifier keys. What is wrong
// with it is a *Problem of kind Foreign, Signature or Malformed.
func ReadCheckpoint(signed []byte, name string, keys ...string) (*Checkpoint, error) {
	var known []note.Verifier
	for _, k := range keys {
		v, err := note.NewVerifier(strings.TrimSpace(k))
		if err != nil {
			return nil, &Problem{Kind: Malformed, First: -1, Last: -1, Message: "a key does not verify anything: it is no line of the form NAME+ID+KEY"}
		}
		known = append(known, v)
	}
	if len(signed) > maxNote {
		return nil, checkpointProblem(Malformed, name, "it is too large")
	}
	n, err := note.Open(bytes.ReplaceAll(signed, []byte("\r\n"), []byte("\n")), note.VerifierList(known...))
	var invalid *note.InvalidSignatureError
	var unknown *note.UnverifiedNoteError
	switch {
	case errors.As(err, &invalid):
		return nil, checkpointProblem(Signature, name, "its signature is false: it was changed or forged")
	case errors.As(err, &unknown):
		origin, _, _ := strings.Cut(unknown.Note.Text, "\n")
		for _, v := range known {
			if v.Name() == origin {
				return nil, checkpointProblem(Signature, name, "it is not signed by the key given, although it names the same log")
			}
		}
		return nil, checkpointProblem(Foreign, name, "it is of another log, or of a key that was not given")
	case err != nil:
		return nil, checkpointProblem(Malformed, name, "it is no signed note")
	}
	c, err := parseCheckpoint(n.Text)
	if err != nil {
		return nil, checkpointProblem(Malformed, name, err.Error())
	}
	for _, s := range n.Sigs {
		// Spare bits at the end of base64 would let a changed byte pass.
		if _, err := base64.StdEncoding.Strict().DecodeString(s.Base64); err != nil {
			return nil, checkpointProblem(Signature, name, "its signature was changed")
		}
		if s.Name == c.Origin {
			return &c, nil
		}
	}
	return nil, checkpointProblem(Foreign, name, "its origin is not the name of the key that signed it")
}

func checkpointProblem(kind ProblemKind, name, message string) *Problem {
	return &Problem{Kind: kind, First: -1, Last: -1, Checkpoint: name, Message: fmt.Sprintf("checkpoint %s: %s", name, message)}
}
