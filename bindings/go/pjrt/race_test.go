//go:build race

package pjrt_test

func init() { raceDetector = true }
