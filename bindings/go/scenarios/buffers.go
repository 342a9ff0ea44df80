package main

import (
	"pjrteasy/pjrt"
)

func init() {
	for name, run := range map[string]func(*request) reply{
		"buffer_metadata": bufferMetadata, "scalar_round_trip": scalarRoundTrip, "upload_to_device": uploadToDevice,
		"upload_to_memory": uploadToMemory, "strided_upload": stridedUpload, "negative_strides": negativeStrides,
		"broadcast_strides": stridedUpload, "column_major": columnMajor, "column_major_outputs": columnMajorOutputs,
		"empty_array": emptyArray, "array_round_trip": arrayRoundTrip, "array_consumed": arrayConsumed,
		"npy_round_trip": npyRoundTrip, "npy_reinterpret": npyReinterpret, "npy_errors": npyErrors,
		"host_memory_kept": hostMemoryKept, "async_upload": asyncUpload, "async_read_back": asyncReadBack,
		"buffer_delete": bufferDelete,
	} {
		scenarios[name] = run
	}
}

func bufferMetadata(r *request) reply {
	c := open(r)
	defer c.Close()
	b := must(pjrt.BufferFrom(c, r.floats("x"), r.ints("dims")...))
	defer b.Close()
	return reply{
		"dtype": b.DType().String(), "dims": b.Dims(), "rank": b.Rank(), "bytes": b.HostSize(), "device": b.Device().ID(),
		"memory": b.Memory().Kind(),
	}
}

func scalarRoundTrip(r *request) reply {
	c := open(r)
	defer c.Close()
	b := must(pjrt.BufferFromScalar(c, int64(r.number("v"))))
	defer b.Close()
	return reply{"v": must(pjrt.ToScalar[int64](ctx, b)), "rank": b.Rank(), "bytes": b.HostSize()}
}

func uploadToDevice(r *request) reply {
	c := open(r)
	defer c.Close()
	b := must(pjrt.Upload(c, r.floats("x"), &pjrt.UploadOptions{Device: c.AddressableDevice(r.number("device"))}))
	defer b.Close()
	return reply{"device": b.Device().ID(), "y": values(b)}
}

func uploadToMemory(r *request) reply {
	c := open(r)
	defer c.Close()
	var o pjrt.UploadOptions
	for memory := range c.AddressableDevice(0).Memories() {
		if memory.Kind() == r.text("kind") {
			o.Memory = memory
		}
	}
	b := must(pjrt.Upload(c, r.floats("x"), &o))
	defer b.Close()
	return reply{"memory": b.Memory().Kind(), "y": values(b)}
}

func strided(r *request, o pjrt.UploadOptions) reply {
	c := open(r)
	defer c.Close()
	o.Dims = r.ints("dims")
	o.ByteStrides = r.ints("strides")
	b := must(pjrt.Upload(c, r.floats("x"), &o))
	defer b.Close()
	return reply{"y": values(b)}
}

func stridedUpload(r *request) reply { return strided(r, pjrt.UploadOptions{}) }

func negativeStrides(r *request) reply {
	return strided(r, pjrt.UploadOptions{First: len(r.floats("x")) - 1})
}

func columnMajor(r *request) reply {
	p := prepare(r)
	defer p.close()
	x := must(pjrt.Upload(p.Client, r.floats("x"), &pjrt.UploadOptions{Dims: r.ints("dims"), ColumnMajor: true}))
	defer x.Close()
	y := must(p.exe.Call(ctx, x))
	defer y.Close()
	return reply{"y": values(y)}
}

func columnMajorOutputs(r *request) reply {
	p := prepare(r)
	defer p.close()
	v := r.floats("x")
	y := must(p.exe.Call(ctx, [][]float32{v[:3], v[3:]}))
	defer y.Close()
	return reply{"y": values(y)}
}

func emptyArray(r *request) reply {
	p := prepare(r)
	defer p.close()
	x := must(pjrt.BufferFrom(p.Client, []float32{}, 0, 3))
	defer x.Close()
	y := must(p.exe.Call(ctx, x))
	defer y.Close()
	return reply{"dims": y.Dims(), "bytes": y.HostSize(), "elements": len(values(y))}
}

func arrayRoundTrip(r *request) reply {
	c := open(r)
	defer c.Close()
	in := must(pjrt.ArrayFrom(r.floats("x"), r.ints("dims")...))
	defer in.Close()
	b := must(pjrt.BufferFromArray(c, in, nil))
	defer b.Close()
	out := must(b.ToArray(ctx))
	defer out.Close()
	return reply{"y": must(pjrt.ArrayValues[float32](out)), "dims": out.Dims(), "dtype": out.DType().String()}
}

func arrayConsumed(r *request) reply {
	c := open(r)
	defer c.Close()
	array := must(pjrt.ArrayFrom(r.floats("x")))
	b := must(pjrt.BufferFromArrayConsume(c, array, nil))
	defer b.Close()
	return reply{"y": values(b), "empty": array.IsClosed()}
}

func npyRoundTrip(r *request) reply {
	saved := must(pjrt.ArrayFrom(r.floats("x"), r.ints("dims")...))
	defer saved.Close()
	check(saved.SaveNpy(r.text("path")))
	loaded := must(pjrt.LoadNpy(r.text("path")))
	defer loaded.Close()
	return reply{"dtype": loaded.DType().String(), "dims": loaded.Dims(), "y": must(pjrt.ArrayValues[float32](loaded))}
}

func npyReinterpret(r *request) reply {
	saved := must(pjrt.ArrayFrom(pjrt.FromFloats[pjrt.BF16](r.floats("values"))))
	defer saved.Close()
	check(saved.SaveNpy(r.text("path")))
	loaded := must(pjrt.LoadNpy(r.text("path")))
	defer loaded.Close()
	again := must(loaded.Reinterpret(pjrt.TypeBF16))
	defer again.Close()
	y := pjrt.ToFloats(must(pjrt.ArrayValues[pjrt.BF16](again)))
	return reply{"loaded": loaded.DType().String(), "dtype": again.DType().String(), "y": y}
}

func npyErrors(r *request) reply {
	_, missing := pjrt.LoadNpy(r.text("path"))
	_, garbage := pjrt.LoadNpy(r.text("program"))
	return reply{"missing": code(missing), "garbage": code(garbage)}
}

func hostMemoryKept(r *request) reply {
	c := open(r)
	defer c.Close()
	b, done, err := pjrt.UploadAsync(c, r.floats("x"), &pjrt.UploadOptions{Semantics: pjrt.ImmutableZeroCopy})
	check(err)
	defer done.Close()
	y := values(b)
	b.Close()
	return reply{"y": y, "host_done": code(done.Wait(ctx))}
}

func asyncUpload(r *request) reply {
	c := open(r)
	defer c.Close()
	b, done, err := pjrt.UploadAsync(c, r.floats("x"), &pjrt.UploadOptions{Semantics: pjrt.ImmutableUntilTransferComplete})
	check(err)
	defer b.Close()
	defer done.Close()
	hostDone := done.Wait(ctx)
	ready := must(b.Ready())
	defer ready.Close()
	return reply{"host_done": code(hostDone), "ready": code(ready.Wait(ctx)), "y": values(b)}
}

func asyncReadBack(r *request) reply {
	c := open(r)
	defer c.Close()
	b := upload(c, r.floats("x"))
	defer b.Close()
	y := make([]float32, b.HostSize()/4)
	done := must(pjrt.ReadAsync(b, y))
	defer done.Close()
	return reply{"done": code(done.Wait(ctx)), "y": y}
}

func bufferDelete(r *request) reply {
	c := open(r)
	defer c.Close()
	b := upload(c, r.floats("x"))
	defer b.Close()
	before := b.IsDeleted()
	check(b.Delete())
	after := b.IsDeleted()
	twice := b.Delete()
	_, read := pjrt.ToSlice[float32](ctx, b)
	return reply{"before": before, "after": after, "twice": code(twice), "read": code(read)}
}
