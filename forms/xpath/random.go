package xpath

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
)

// The Park-Miller generator, "minimal standard". Source: Park and Miller (1988),
// Random number generators: good ones are hard to find, CACM 31(10); the ODK
// XForms specification asks for it under randomize().
const (
	lehmerModulus    = 2147483647
	lehmerMultiplier = 16807
)

// lehmer is a seeded generator.
type lehmer float64

func newLehmer(seed int64) *lehmer {
	s := math.Mod(float64(seed), lehmerModulus)
	if s <= 0 {
		s += lehmerModulus - 1
	}
	g := lehmer(s)
	return &g
}

// next returns a number from 0 up to, not including, 1.
func (g *lehmer) next() float64 {
	*g = lehmer(math.Mod(float64(*g)*lehmerMultiplier, lehmerModulus))
	return (float64(*g) - 1) / (lehmerModulus - 1)
}

// seedOf turns the seed of randomize() into a whole number: a number loses its
// fraction, and text that is no number is hashed, the first eight bytes of its
// SHA-256 being the seed; empty text is 0. Source: JavaRosa issue 800.
func seedOf(v Value) int64 {
	f := v.Number()
	switch s := v.String(); {
	case !math.IsNaN(f):
		return clampInt64(f)
	case v.kind == NumberValue || s == "":
		return 0
	default:
		sum := sha256.Sum256([]byte(s))
		return int64(binary.BigEndian.Uint64(sum[:8]))
	}
}

func clampInt64(f float64) int64 {
	switch {
	case f >= math.MaxInt64:
		return math.MaxInt64
	case f <= math.MinInt64:
		return math.MinInt64
	}
	return int64(f)
}

// Shuffle returns the nodes in the order that randomize() with the value as its
// seed gives them: the inside-out Fisher-Yates shuffle.
func Shuffle(list []*Node, seed Value) []*Node {
	return shuffle(list, newLehmer(seedOf(seed.scalar())).next)
}

func shuffle(list []*Node, random func() float64) []*Node {
	out := make([]*Node, len(list))
	for i, n := range list {
		j := min(max(int(random()*float64(i+1)), 0), i)
		out[i] = out[j]
		out[j] = n
	}
	return out
}

func buildRandomize(k *compiler, n *Call, a []code) code {
	k.wantNodes(n.Args[0], a[0])
	return nodesCode(func(c *Context) []*Node {
		list := c.list(a[0])
		if !c.visit(len(list)) {
			return nil
		}
		if len(a) == 1 {
			return shuffle(list, c.random)
		}
		v := a[1].value(c)
		if v.kind == NodesValue && len(v.nodes) > 0 {
			v = c.typed(v.nodes[0]) // several nodes: the first is the seed
		}
		return Shuffle(list, v)
	})
}

// longestID bounds uuid(length).
const longestID = 10000

// buildUUID compiles uuid(), a UUID of version 4, and uuid(length), that many
// random digits and capital letters.
func buildUUID(_ *compiler, _ *Call, a []code) code {
	return textCode(func(c *Context) string {
		if len(a) == 0 {
			return c.uuid()
		}
		length := whole(a[0].number(c))
		if length > longestID || !c.visit(max(length, 0)) {
			c.failf(fmt.Sprintf("ask for at most %d", longestID), "uuid() is asked for too many characters")
			return ""
		}
		var b strings.Builder
		for range max(length, 0) {
			b.WriteByte("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[min(max(int(c.random()*36), 0), 35)])
		}
		return b.String()
	})
}

func (c *Context) uuid() string {
	if c.UUID != nil {
		return c.UUID()
	}
	var b [16]byte
	for i := range b {
		b[i] = byte(min(max(int(c.random()*256), 0), 255))
	}
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
