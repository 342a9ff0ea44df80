# Element types, each as the type that Julia has for it.

scenario("dtype_table") do
    numbers = sort(Int.(instances(PjrtEasy.DType)) |> collect)[2:end]
    types = [PjrtEasy.juliatype(PjrtEasy.DType(number)) for number in numbers]
    put("names", [PjrtEasy.dtypename(type) for type in types])
    put("bytes", [sizeof(type) for type in types])
    put("bits", [PjrtEasy.bitwidth(PjrtEasy.DType(type)) for type in types])
end

elements(::Type{T}, texts) where {T<:Complex} =
    [T(parse(Float64, texts[i]), parse(Float64, texts[i + 1])) for i in 1:2:length(texts)]
elements(::Type{Bool}, texts) = [text == "1" for text in texts]
elements(::Type{T}, texts) where {T<:Integer} = T[parse(BigInt, text) for text in texts]
elements(::Type{T}, texts) where {T<:AbstractFloat} = T[parse(Float64, text) for text in texts]
elements(::Type{Float32}, texts) = Float32[parse(Float32, text) for text in texts]

plain(values::Vector{<:Complex}) = reinterpret(real(eltype(values)), values)
plain(values::Vector{<:Union{BFloat16,MiniFloat,Float16}}) = Float64.(values)
plain(values::Vector{Bool}) = Int.(values)
plain(values) = values

patterns(values::Vector{<:Union{BFloat16,Float16}}) = Int.(reinterpret(UInt16, values))
patterns(values::Vector{<:MiniFloat}) = Int.(reinterpret(UInt8, values))
patterns(_) = nothing

closing("dtype_*") do
    T = PjrtEasy.juliatype(parse(PjrtEasy.DType, input("dtype")))
    client = open_client()
    buffer = upload(client, elements(T, items("values")))
    haskey(REQUEST, "program") && (buffer = made(compiled(client)(buffer)))
    put("dtype", PjrtEasy.dtypename(eltype(buffer)))
    put("bytes", sizeof(buffer))
    values = Array{T,1}(buffer)
    put("values", plain(values))
    patterns(values) === nothing || put("bits", patterns(values))
end

closing("dtype_token") do
    client = open_client()
    refused = code(() -> upload(client, Token()))
    put("survived", refused == "OK" || refused in string.(instances(PjrtEasy.Code)))
end
