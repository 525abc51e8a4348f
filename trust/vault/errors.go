package vault

import (
	"errors"
	"fmt"

	"waymark/internal/fault"
)

// What the faults of this package wrap.
var (
	// ErrDestroyed is for a scope whose keyset was destroyed.
	ErrDestroyed = errors.New("the key was destroyed")
	// ErrNoKey is for a keyset that is not there, or that the master key given
	// does not open.
	ErrNoKey = errors.New("the key is not here")
	// ErrAltered is for sealed bytes that were changed, cut, or belong to
	// something else.
	ErrAltered = errors.New("sealed data do not open")
)

const remedyLost = "put the folder of keys back from its own backup (made by waymark backup --keys) and give the master key that belongs to it; " +
	"without both, what was sealed cannot be read"

func destroyed(scope Scope) error {
	return fault.Wrap(fault.NotFound, fault.Place{}, fmt.Sprintf("the keys of %q were destroyed, so nothing sealed under them can be read", scope),
		"this was decided and cannot be undone; the audit says when and by whom", ErrDestroyed)
}

func noKey(scope Scope, cause error) error {
	return fault.Wrap(fault.Unavailable, fault.Place{File: string(scope) + suffixKeyset}, fmt.Sprintf("there are no keys of %q", scope), remedyLost, errors.Join(ErrNoKey, cause))
}

// wrongMaster is for a keyset that the master key does not open.
func wrongMaster(file, wrappedBy, given string, cause error) error {
	message := fmt.Sprintf("the master key %s does not open these keys", given)
	if wrappedBy != "" && wrappedBy != given {
		message = fmt.Sprintf("these keys were wrapped by the master key %s; the one given is %s", wrappedBy, given)
	}
	return fault.Wrap(fault.Unavailable, fault.Place{File: file}, message, remedyLost, errors.Join(ErrNoKey, cause))
}

func altered(scope Scope) error {
	return fault.Wrap(fault.Internal, fault.Place{}, fmt.Sprintf("data sealed under %q do not open: they were changed, cut or moved", scope),
		"compare the database with a backup; the audit log says what was last written", ErrAltered)
}

func badScope() error {
	return fault.New(fault.Internal, fault.Place{}, "this is no name of a scope", "use 1 to 64 lower-case letters, digits and hyphens")
}

// unusable is for a folder or a file that the system does not let us use.
func unusable(path, message string, cause error) error {
	return fault.Wrap(fault.Unavailable, fault.Place{File: path}, message,
		"the folder of keys must be on a disk with room, owned by the user that runs waymark", cause)
}
