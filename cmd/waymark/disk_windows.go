package main

import "golang.org/x/sys/windows"

// diskSpace is the room on the disk that a folder is on, in bytes.
func diskSpace(dir string) (free, total int64, err error) {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, 0, err
	}
	var left, all uint64
	err = windows.GetDiskFreeSpaceEx(name, &left, &all, nil)
	return int64(left), int64(all), err
}
