(* SPDX-License-Identifier: Apache-2.0 *)
(* SHA-256 (FIPS 180-4), on integers of 63 bits of which 32 are kept. *)

let constants =
  [| 0x428a2f98; 0x71374491; 0xb5c0fbcf; 0xe9b5dba5; 0x3956c25b; 0x59f111f1; 0x923f82a4; 0xab1c5ed5;
     0xd807aa98; 0x12835b01; 0x243185be; 0x550c7dc3; 0x72be5d74; 0x80deb1fe; 0x9bdc06a7; 0xc19bf174;
     0xe49b69c1; 0xefbe4786; 0x0fc19dc6; 0x240ca1cc; 0x2de92c6f; 0x4a7484aa; 0x5cb0a9dc; 0x76f988da;
     0x983e5152; 0xa831c66d; 0xb00327c8; 0xbf597fc7; 0xc6e00bf3; 0xd5a79147; 0x06ca6351; 0x14292967;
     0x27b70a85; 0x2e1b2138; 0x4d2c6dfc; 0x53380d13; 0x650a7354; 0x766a0abb; 0x81c2c92e; 0x92722c85;
     0xa2bfe8a1; 0xa81a664b; 0xc24b8b70; 0xc76c51a3; 0xd192e819; 0xd6990624; 0xf40e3585; 0x106aa070;
     0x19a4c116; 0x1e376c08; 0x2748774c; 0x34b0bcb5; 0x391c0cb3; 0x4ed8aa4a; 0x5b9cca4f; 0x682e6ff3;
     0x748f82ee; 0x78a5636f; 0x84c87814; 0x8cc70208; 0x90befffa; 0xa4506ceb; 0xbef9a3f7; 0xc67178f2 |]

let word x = x land 0xffff_ffff
let rotate x k = word ((x lsr k) lor (x lsl (32 - k)))

(* One block of 64 bytes at `start`. *)
let absorb state schedule block start =
  for t = 0 to 15 do
    schedule.(t) <- word (Int32.to_int (Bytes.get_int32_be block (start + (4 * t))))
  done;
  for t = 16 to 63 do
    let x = schedule.(t - 15) and y = schedule.(t - 2) in
    let s0 = rotate x 7 lxor rotate x 18 lxor (x lsr 3) and s1 = rotate y 17 lxor rotate y 19 lxor (y lsr 10) in
    schedule.(t) <- word (schedule.(t - 16) + s0 + schedule.(t - 7) + s1)
  done;
  let a = ref state.(0) and b = ref state.(1) and c = ref state.(2) and d = ref state.(3) in
  let e = ref state.(4) and f = ref state.(5) and g = ref state.(6) and h = ref state.(7) in
  for t = 0 to 63 do
    let s1 = rotate !e 6 lxor rotate !e 11 lxor rotate !e 25 in
    let choice = (!e land !f) lxor (word (lnot !e) land !g) in
    let first = !h + s1 + choice + constants.(t) + schedule.(t) in
    let s0 = rotate !a 2 lxor rotate !a 13 lxor rotate !a 22 in
    let majority = (!a land !b) lxor (!a land !c) lxor (!b land !c) in
    h := !g; g := !f; f := !e;
    e := word (!d + first);
    d := !c; c := !b; b := !a;
    a := word (first + s0 + majority)
  done;
  List.iteri (fun k x -> state.(k) <- word (state.(k) + x)) [ !a; !b; !c; !d; !e; !f; !g; !h ]

(* In hexadecimal digits. *)
let of_string text =
  let length = String.length text in
  let state =
    [| 0x6a09e667; 0xbb67ae85; 0x3c6ef372; 0xa54ff53a; 0x510e527f; 0x9b05688c; 0x1f83d9ab; 0x5be0cd19 |]
  and schedule = Array.make 64 0 in
  let whole = length / 64 in
  for k = 0 to whole - 1 do
    absorb state schedule (Bytes.unsafe_of_string text) (64 * k)
  done;
  (* The rest, a bit 1, zeros, and the length in bits. *)
  let rest = length - (64 * whole) in
  let tail = Bytes.make (if rest < 56 then 64 else 128) '\000' in
  Bytes.blit_string text (64 * whole) tail 0 rest;
  Bytes.set tail rest '\128';
  Bytes.set_int64_be tail (Bytes.length tail - 8) (Int64.of_int (8 * length));
  for k = 0 to (Bytes.length tail / 64) - 1 do
    absorb state schedule tail (64 * k)
  done;
  String.concat "" (List.map (Printf.sprintf "%08x") (Array.to_list state))
