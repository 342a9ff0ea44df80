const MINI = (F8E5M2, F8E4M3, F8E3M4, F8E4M3FN, F8E4M3FNUZ, F8E4M3B11FNUZ, F8E5M2FNUZ, F8E8M0FNU, F6E2M3FN, F6E3M2FN, F4E2M1FN)
width(T) = T in (F6E2M3FN, F6E3M2FN) ? 6 : T === F4E2M1FN ? 4 : 8
patterns(T) = [reinterpret(T, UInt8(bits)) for bits in 0:2^width(T) - 1]

case("mini floats: every pattern converts to a float and back") do
    for T in MINI, x in patterns(T)
        isnan(x) && continue
        @test reinterpret(UInt8, T(Float32(x))) == reinterpret(UInt8, x)
        @test reinterpret(UInt8, T(Float64(x))) == reinterpret(UInt8, x)
    end
end

case("mini floats: known values") do
    # largest finite, smallest positive, patterns that are NaN
    facts = Dict(F8E5M2 => (57344, 2.0^-16, 6), F8E4M3 => (240, 2.0^-9, 14), F8E3M4 => (15.5, 2.0^-6, 30),
        F8E4M3FN => (448, 2.0^-9, 2), F8E4M3FNUZ => (240, 2.0^-10, 1), F8E4M3B11FNUZ => (30, 2.0^-13, 1),
        F8E5M2FNUZ => (57344, 2.0^-17, 1), F8E8M0FNU => (2.0^127, 2.0^-127, 1), F6E2M3FN => (7.5, 0.125, 0),
        F6E3M2FN => (28, 0.0625, 0), F4E2M1FN => (6, 0.5, 0))
    for T in MINI
        values = Float64.(patterns(T))
        @test (maximum(filter(isfinite, values)), minimum(filter(>(0), values)), count(isnan, values)) == facts[T]
        @test Float64(floatmax(T)) == facts[T][1]
    end
end

case("mini floats: the nearest value, ties to even") do
    for T in MINI
        finite = sort(filter(isfinite, unique(Float64.(patterns(T)))))
        for (below, above) in zip(finite, finite[2:end])
            middle = (below + above) / 2
            @test Float64(T(below + (middle - below) * 0.99)) == below
            @test Float64(T(above - (above - middle) * 0.99)) == above
            tie = T(middle)
            @test Float64(tie) in (below, above)
            T === F8E8M0FNU || @test iseven(reinterpret(UInt8, tie))
        end
    end
end

case("mini floats: beyond the range") do
    @test isinf(F8E5M2(1e6)) && isinf(F8E4M3(-1e6)) && signbit(F8E4M3(-1e6))
    @test isnan(F8E4M3FN(1e6)) && isnan(F8E4M3FNUZ(-1e6)) && isnan(F8E8M0FNU(-1.0))
    @test Float32(F6E2M3FN(100)) == 7.5f0 && Float32(F4E2M1FN(-100)) == -6f0
    @test_throws InexactError F4E2M1FN(NaN)
    @test reinterpret(UInt8, F8E4M3FNUZ(-0.0)) == 0x00
end

case("bfloat16: rounding, NaN, arithmetic") do
    @test reinterpret(UInt16, BFloat16(1.5f0)) == 0x3fc0
    @test Float32(BFloat16(1f0 + 2f0^-8)) == 1f0 && Float32(BFloat16(1f0 + 3 * 2f0^-8)) == 1f0 + 2f0^-6
    # A tie in Float32 that is none in Float64.
    @test Float32(BFloat16(1.0 + 2.0^-8 + 2.0^-40)) == 1f0 + 2f0^-7
    @test Float32(BFloat16(1.0 + 2.0^-8 - 2.0^-40)) == 1f0
    @test isnan(BFloat16(NaN)) && isinf(BFloat16(1e39)) && BFloat16(0) == zero(BFloat16)
    for bits in 0x0000:0x0101:0xffff
        x = reinterpret(BFloat16, bits)
        isnan(x) || @test reinterpret(UInt16, BFloat16(Float32(x))) == bits
    end
    @test BFloat16(1.5) + BFloat16(2) == BFloat16(3.5) && BFloat16(2) * 1.5f0 === 3f0 && BFloat16(2) > BFloat16(1)
    @test sum(BFloat16[1, 2, 3]) == BFloat16(6) && Int(BFloat16(7)) == 7
end

case("integers below 8 bits") do
    for (T, low, high) in ((Int1, -1, 0), (Int2, -2, 1), (Int4, -8, 7), (UInt1, 0, 1), (UInt2, 0, 3), (UInt4, 0, 15))
        @test (Int(typemin(T)), Int(typemax(T))) == (low, high)
        @test [Int(T(value)) for value in low:high] == low:high
        @test_throws InexactError T(high + 1)
        @test_throws InexactError T(low - 1)
        @test Int((high + 1) % T) == low
        @test sizeof(T) == 1
    end
    @test Int4(3) + Int4(6) == Int4(-7) && Int4(3) + 10 == 13 && UInt4(3) < UInt4(5) && Float32(Int4(-3)) == -3f0
    @test Int(reinterpret(UInt4, 0xf3)) == 3
end

case("numbers are shown") do
    @test string(BFloat16(1.5)) == "BFloat16(1.5)" && string(F8E4M3FN[1.5, 2]) == "F8E4M3FN[1.5, 2.0]"
    @test string(Int4(-3)) == "Int4(-3)" && string(Int4[-3, 4]) == "Int4[-3, 4]"
end
