# What a call from Julia costs over the same call from C: alternating blocks in one process, medians. In time of the
# processor, so that other programs on the machine do not count.

const LOOP = """
    #include <pjrt_easy.h>
    #include <time.h>
    double pje_test_loop(pje_loaded_executable *executable, pje_buffer *x, int64_t n) {
      struct timespec from, to;
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
      for (int64_t i = 0; i < n; ++i) {
        pje_buffer *y = NULL;
        pje_error *error = pje_loaded_executable_execute(executable, &x, 1, NULL, &y, 1);
        if (error != NULL) return -1;
        pje_buffer_release(y);
      }
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
      return (double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec);
    }
    """

const CLOCK_THREAD_CPUTIME_ID = 3
function thread_ns()
    time = Ref((Int64(0), Int64(0)))
    ccall(:clock_gettime, Cint, (Cint, Ptr{Cvoid}), CLOCK_THREAD_CPUTIME_ID, time)
    return time[][1] * 1_000_000_000 + time[][2]
end

function loop(executable, x, n)
    started = thread_ns()
    for _ in 1:n
        close(executable(x))
    end
    return thread_ns() - started
end

median_of(values) = sort(values)[(length(values) + 1) ÷ 2]

case("a run from Julia costs less than 0.5 µs over one from C") do
    calls = parse(Int, get(ENV, "PJE_JULIA_CALLS", "20000"))
    mktempdir() do folder
        write(joinpath(folder, "loop.c"), LOOP)
        include_folder = normpath(joinpath(PACKAGE, "..", "..", "include"))
        run(`cc -O2 -shared -fPIC -I$include_folder -o $folder/loop.so $folder/loop.c $(Libdl.dlpath(Raw.LIBRARY))`)
        library = Libdl.dlopen(joinpath(folder, "loop.so"))
        in_c = Libdl.dlsym(library, :pje_test_loop)
        exe = compile(CLIENT, Program("fake.noop 1 1"; format = :mlir))
        x = Buffer(CLIENT, 1f0)
        loop(exe, x, 1000)
        ours, theirs = Float64[], Float64[]
        for _ in 1:15
            push!(theirs, ccall(in_c, Float64, (Ptr{Raw.pje_loaded_executable}, Ptr{Raw.pje_buffer}, Int64), exe, x, calls) / calls)
            push!(ours, loop(exe, x, calls) / calls)
        end
        over = median_of(ours .- theirs)
        println("# a run: ", round(median_of(theirs); digits = 1), " ns from C, ", round(median_of(ours); digits = 1),
            " ns from Julia, ", round(over; digits = 1), " ns over")
        @test all(>(0), theirs) && over < 500
        # What is returned is all that is allocated: the object and its place in the list of finalizers.
        loop(exe, x, 10)
        @test (@allocated loop(exe, x, 1000)) / 1000 <= 96
    end
end
