package account

// HashesMade is how many password hashes were computed, for tests that compare work.
func (s *Service) HashesMade() int64 { return s.hash.made.Load() }
