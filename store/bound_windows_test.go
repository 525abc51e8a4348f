package store_test

const canBound = false

func boundFiles(uint64) error { return nil }

func unboundFiles() error { return nil }
