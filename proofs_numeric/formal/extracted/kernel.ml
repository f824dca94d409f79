(* SPDX-License-Identifier: Apache-2.0. Written by Coq: checker/Extract.v. *)


(** val negb : bool -> bool **)

let negb = function
| true -> false
| false -> true

(** val fst : ('a1 * 'a2) -> 'a1 **)

let fst = function
| (x, _) -> x

(** val snd : ('a1 * 'a2) -> 'a2 **)

let snd = function
| (_, y) -> y

(** val length : 'a1 list -> int **)

let rec length = function
| [] -> 0
| _ :: l' -> Stdlib.Int.succ (length l')

(** val app : 'a1 list -> 'a1 list -> 'a1 list **)

let rec app l m =
  match l with
  | [] -> m
  | a :: l3 -> a :: (app l3 m)

type comparison =
| Eq
| Lt
| Gt

module Coq__1 = struct
 (** val add : int -> int -> int **)let rec add = (+)
end
include Coq__1

(** val mul : int -> int -> int **)

let rec mul = ( * )

(** val sub : int -> int -> int **)

let rec sub = fun n m -> Stdlib.max 0 (n-m)

module Nat =
 struct
  (** val sub : int -> int -> int **)

  let rec sub n m =
    (fun fO fS n -> if n=0 then fO () else fS (n-1))
      (fun _ -> n)
      (fun k ->
      (fun fO fS n -> if n=0 then fO () else fS (n-1))
        (fun _ -> n)
        (fun l -> sub k l)
        m)
      n

  (** val ltb : int -> int -> bool **)

  let ltb n m =
    (<=) (Stdlib.Int.succ n) m

  (** val divmod : int -> int -> int -> int -> int * int **)

  let rec divmod x y q u =
    (fun fO fS n -> if n=0 then fO () else fS (n-1))
      (fun _ -> (q, u))
      (fun x' ->
      (fun fO fS n -> if n=0 then fO () else fS (n-1))
        (fun _ -> divmod x' y (Stdlib.Int.succ q) y)
        (fun u' -> divmod x' y q u')
        u)
      x

  (** val div : int -> int -> int **)

  let div x y =
    (fun fO fS n -> if n=0 then fO () else fS (n-1))
      (fun _ -> y)
      (fun y' -> fst (divmod x y' 0 y'))
      y

  (** val modulo : int -> int -> int **)

  let modulo x y =
    (fun fO fS n -> if n=0 then fO () else fS (n-1))
      (fun _ -> x)
      (fun y' -> sub y' (snd (divmod x y' 0 y')))
      y
 end

module Pos =
 struct
  type mask =
  | IsNul
  | IsPos of Big_int_Z.big_int
  | IsNeg
 end

module Coq_Pos =
 struct
  (** val succ : Big_int_Z.big_int -> Big_int_Z.big_int **)

  let rec succ = Big_int_Z.succ_big_int

  (** val add :
      Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int **)

  let rec add = Big_int_Z.add_big_int

  (** val add_carry :
      Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int **)

  and add_carry x y =
    (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
      (fun p0 ->
      (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
        (fun q ->
        (fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
        (add_carry p0 q))
        (fun q -> Big_int_Z.mult_int_big_int 2 (add_carry p0 q))
        (fun _ ->
        (fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
        (succ p0))
        y)
      (fun p0 ->
      (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
        (fun q -> Big_int_Z.mult_int_big_int 2 (add_carry p0 q))
        (fun q ->
        (fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
        (add p0 q))
        (fun _ -> Big_int_Z.mult_int_big_int 2 (succ p0))
        y)
      (fun _ ->
      (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
        (fun q ->
        (fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
        (succ q))
        (fun q -> Big_int_Z.mult_int_big_int 2 (succ q))
        (fun _ ->
        (fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
        Big_int_Z.unit_big_int)
        y)
      x

  (** val pred_double : Big_int_Z.big_int -> Big_int_Z.big_int **)

  let rec pred_double x =
    (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
      (fun p0 ->
      (fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
      (Big_int_Z.mult_int_big_int 2 p0))
      (fun p0 ->
      (fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
      (pred_double p0))
      (fun _ -> Big_int_Z.unit_big_int)
      x

  type mask = Pos.mask =
  | IsNul
  | IsPos of Big_int_Z.big_int
  | IsNeg

  (** val succ_double_mask : mask -> mask **)

  let succ_double_mask = function
  | IsNul -> IsPos Big_int_Z.unit_big_int
  | IsPos p0 ->
    IsPos ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
      p0)
  | IsNeg -> IsNeg

  (** val double_mask : mask -> mask **)

  let double_mask = function
  | IsPos p0 -> IsPos (Big_int_Z.mult_int_big_int 2 p0)
  | x0 -> x0

  (** val double_pred_mask : Big_int_Z.big_int -> mask **)

  let double_pred_mask x =
    (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
      (fun p0 -> IsPos (Big_int_Z.mult_int_big_int 2
      (Big_int_Z.mult_int_big_int 2 p0)))
      (fun p0 -> IsPos (Big_int_Z.mult_int_big_int 2
      (pred_double p0)))
      (fun _ -> IsNul)
      x

  (** val sub_mask : Big_int_Z.big_int -> Big_int_Z.big_int -> mask **)

  let rec sub_mask x y =
    (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
      (fun p0 ->
      (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
        (fun q -> double_mask (sub_mask p0 q))
        (fun q -> succ_double_mask (sub_mask p0 q))
        (fun _ -> IsPos (Big_int_Z.mult_int_big_int 2 p0))
        y)
      (fun p0 ->
      (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
        (fun q -> succ_double_mask (sub_mask_carry p0 q))
        (fun q -> double_mask (sub_mask p0 q))
        (fun _ -> IsPos (pred_double p0))
        y)
      (fun _ ->
      (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
        (fun _ -> IsNeg)
        (fun _ -> IsNeg)
        (fun _ -> IsNul)
        y)
      x

  (** val sub_mask_carry : Big_int_Z.big_int -> Big_int_Z.big_int -> mask **)

  and sub_mask_carry x y =
    (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
      (fun p0 ->
      (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
        (fun q -> succ_double_mask (sub_mask_carry p0 q))
        (fun q -> double_mask (sub_mask p0 q))
        (fun _ -> IsPos (pred_double p0))
        y)
      (fun p0 ->
      (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
        (fun q -> double_mask (sub_mask_carry p0 q))
        (fun q -> succ_double_mask (sub_mask_carry p0 q))
        (fun _ -> double_pred_mask p0)
        y)
      (fun _ -> IsNeg)
      x

  (** val mul :
      Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int **)

  let rec mul = Big_int_Z.mult_big_int

  (** val iter : ('a1 -> 'a1) -> 'a1 -> Big_int_Z.big_int -> 'a1 **)

  let rec iter f x n =
    (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
      (fun n' -> f (iter f (iter f x n') n'))
      (fun n' -> iter f (iter f x n') n')
      (fun _ -> f x)
      n

  (** val div2 : Big_int_Z.big_int -> Big_int_Z.big_int **)

  let div2 p0 =
    (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
      (fun p1 -> p1)
      (fun p1 -> p1)
      (fun _ -> Big_int_Z.unit_big_int)
      p0

  (** val div2_up : Big_int_Z.big_int -> Big_int_Z.big_int **)

  let div2_up p0 =
    (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
      (fun p1 -> succ p1)
      (fun p1 -> p1)
      (fun _ -> Big_int_Z.unit_big_int)
      p0

  (** val size : Big_int_Z.big_int -> Big_int_Z.big_int **)

  let rec size p0 =
    (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
      (fun p1 -> succ (size p1))
      (fun p1 -> succ (size p1))
      (fun _ -> Big_int_Z.unit_big_int)
      p0

  (** val compare_cont :
      comparison -> Big_int_Z.big_int -> Big_int_Z.big_int -> comparison **)

  let rec compare_cont = (fun c x y -> let s = Big_int_Z.compare_big_int x y in
  if s = 0 then c else if s < 0 then Lt else Gt)

  (** val compare : Big_int_Z.big_int -> Big_int_Z.big_int -> comparison **)

  let compare = (fun x y -> let s = Big_int_Z.compare_big_int x y in
  if s = 0 then Eq else if s < 0 then Lt else Gt)

  (** val eqb : Big_int_Z.big_int -> Big_int_Z.big_int -> bool **)

  let rec eqb p0 q =
    (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
      (fun p1 ->
      (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
        (fun q0 -> eqb p1 q0)
        (fun _ -> false)
        (fun _ -> false)
        q)
      (fun p1 ->
      (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
        (fun _ -> false)
        (fun q0 -> eqb p1 q0)
        (fun _ -> false)
        q)
      (fun _ ->
      (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
        (fun _ -> false)
        (fun _ -> false)
        (fun _ -> true)
        q)
      p0

  (** val leb : Big_int_Z.big_int -> Big_int_Z.big_int -> bool **)

  let leb x y =
    match compare x y with
    | Gt -> false
    | _ -> true

  (** val sqrtrem_step :
      (Big_int_Z.big_int -> Big_int_Z.big_int) -> (Big_int_Z.big_int ->
      Big_int_Z.big_int) -> (Big_int_Z.big_int * mask) ->
      Big_int_Z.big_int * mask **)

  let sqrtrem_step f g = function
  | (s, y) ->
    (match y with
     | IsPos r ->
       let s' =
         (fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
         (Big_int_Z.mult_int_big_int 2 s)
       in
       let r' = g (f r) in
       if leb s' r'
       then (((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
              s), (sub_mask r' s'))
       else ((Big_int_Z.mult_int_big_int 2 s), (IsPos r'))
     | _ ->
       ((Big_int_Z.mult_int_big_int 2 s),
         (sub_mask (g (f Big_int_Z.unit_big_int))
           (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
           Big_int_Z.unit_big_int)))))

  (** val sqrtrem : Big_int_Z.big_int -> Big_int_Z.big_int * mask **)

  let rec sqrtrem p0 =
    (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
      (fun p1 ->
      (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
        (fun p2 ->
        sqrtrem_step (fun x ->
          (fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          x) (fun x ->
          (fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          x) (sqrtrem p2))
        (fun p2 ->
        sqrtrem_step (fun x -> Big_int_Z.mult_int_big_int 2 x) (fun x ->
          (fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          x) (sqrtrem p2))
        (fun _ -> (Big_int_Z.unit_big_int, (IsPos
        (Big_int_Z.mult_int_big_int 2 Big_int_Z.unit_big_int))))
        p1)
      (fun p1 ->
      (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
        (fun p2 ->
        sqrtrem_step (fun x ->
          (fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          x) (fun x -> Big_int_Z.mult_int_big_int 2 x) (sqrtrem p2))
        (fun p2 ->
        sqrtrem_step (fun x -> Big_int_Z.mult_int_big_int 2 x) (fun x ->
          Big_int_Z.mult_int_big_int 2 x) (sqrtrem p2))
        (fun _ -> (Big_int_Z.unit_big_int, (IsPos Big_int_Z.unit_big_int)))
        p1)
      (fun _ -> (Big_int_Z.unit_big_int, IsNul))
      p0

  (** val sqrt : Big_int_Z.big_int -> Big_int_Z.big_int **)

  let sqrt p0 =
    fst (sqrtrem p0)

  (** val iter_op : ('a1 -> 'a1 -> 'a1) -> Big_int_Z.big_int -> 'a1 -> 'a1 **)

  let rec iter_op op p0 a =
    (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
      (fun p1 -> op a (iter_op op p1 (op a a)))
      (fun p1 -> iter_op op p1 (op a a))
      (fun _ -> a)
      p0

  (** val to_nat : Big_int_Z.big_int -> int **)

  let to_nat x =
    iter_op Coq__1.add x (Stdlib.Int.succ 0)

  (** val of_succ_nat : int -> Big_int_Z.big_int **)

  let rec of_succ_nat n =
    (fun fO fS n -> if n=0 then fO () else fS (n-1))
      (fun _ -> Big_int_Z.unit_big_int)
      (fun x -> succ (of_succ_nat x))
      n
 end

module Z =
 struct
  (** val double : Big_int_Z.big_int -> Big_int_Z.big_int **)

  let double x =
    (fun fO fp fn z -> let s = Big_int_Z.sign_big_int z in
  if s = 0 then fO () else if s > 0 then fp z
  else fn (Big_int_Z.minus_big_int z))
      (fun _ -> Big_int_Z.zero_big_int)
      (fun p0 -> (Big_int_Z.mult_int_big_int 2 p0))
      (fun p0 -> Big_int_Z.minus_big_int (Big_int_Z.mult_int_big_int 2 p0))
      x

  (** val succ_double : Big_int_Z.big_int -> Big_int_Z.big_int **)

  let succ_double x =
    (fun fO fp fn z -> let s = Big_int_Z.sign_big_int z in
  if s = 0 then fO () else if s > 0 then fp z
  else fn (Big_int_Z.minus_big_int z))
      (fun _ -> Big_int_Z.unit_big_int)
      (fun p0 ->
      ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
      p0))
      (fun p0 -> Big_int_Z.minus_big_int (Coq_Pos.pred_double p0))
      x

  (** val pred_double : Big_int_Z.big_int -> Big_int_Z.big_int **)

  let pred_double x =
    (fun fO fp fn z -> let s = Big_int_Z.sign_big_int z in
  if s = 0 then fO () else if s > 0 then fp z
  else fn (Big_int_Z.minus_big_int z))
      (fun _ -> Big_int_Z.minus_big_int Big_int_Z.unit_big_int)
      (fun p0 -> (Coq_Pos.pred_double p0))
      (fun p0 -> Big_int_Z.minus_big_int
      ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
      p0))
      x

  (** val pos_sub :
      Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int **)

  let rec pos_sub x y =
    (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
      (fun p0 ->
      (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
        (fun q -> double (pos_sub p0 q))
        (fun q -> succ_double (pos_sub p0 q))
        (fun _ -> (Big_int_Z.mult_int_big_int 2 p0))
        y)
      (fun p0 ->
      (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
        (fun q -> pred_double (pos_sub p0 q))
        (fun q -> double (pos_sub p0 q))
        (fun _ -> (Coq_Pos.pred_double p0))
        y)
      (fun _ ->
      (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
        (fun q -> Big_int_Z.minus_big_int (Big_int_Z.mult_int_big_int 2
        q))
        (fun q -> Big_int_Z.minus_big_int (Coq_Pos.pred_double q))
        (fun _ -> Big_int_Z.zero_big_int)
        y)
      x

  (** val add :
      Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int **)

  let add = Big_int_Z.add_big_int

  (** val opp : Big_int_Z.big_int -> Big_int_Z.big_int **)

  let opp = Big_int_Z.minus_big_int

  (** val sub :
      Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int **)

  let sub = Big_int_Z.sub_big_int

  (** val mul :
      Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int **)

  let mul = Big_int_Z.mult_big_int

  (** val compare : Big_int_Z.big_int -> Big_int_Z.big_int -> comparison **)

  let compare = (fun x y -> let s = Big_int_Z.compare_big_int x y in
  if s = 0 then Eq else if s < 0 then Lt else Gt)

  (** val leb : Big_int_Z.big_int -> Big_int_Z.big_int -> bool **)

  let leb x y =
    match compare x y with
    | Gt -> false
    | _ -> true

  (** val ltb : Big_int_Z.big_int -> Big_int_Z.big_int -> bool **)

  let ltb x y =
    match compare x y with
    | Lt -> true
    | _ -> false

  (** val eqb : Big_int_Z.big_int -> Big_int_Z.big_int -> bool **)

  let eqb = Big_int_Z.eq_big_int

  (** val max :
      Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int **)

  let max = Big_int_Z.max_big_int

  (** val min :
      Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int **)

  let min = Big_int_Z.min_big_int

  (** val abs : Big_int_Z.big_int -> Big_int_Z.big_int **)

  let abs = Big_int_Z.abs_big_int

  (** val to_nat : Big_int_Z.big_int -> int **)

  let to_nat z0 =
    (fun fO fp fn z -> let s = Big_int_Z.sign_big_int z in
  if s = 0 then fO () else if s > 0 then fp z
  else fn (Big_int_Z.minus_big_int z))
      (fun _ -> 0)
      (fun p0 -> Coq_Pos.to_nat p0)
      (fun _ -> 0)
      z0

  (** val of_nat : int -> Big_int_Z.big_int **)

  let of_nat n =
    (fun fO fS n -> if n=0 then fO () else fS (n-1))
      (fun _ -> Big_int_Z.zero_big_int)
      (fun n0 -> (Coq_Pos.of_succ_nat n0))
      n

  (** val pos_div_eucl :
      Big_int_Z.big_int -> Big_int_Z.big_int ->
      Big_int_Z.big_int * Big_int_Z.big_int **)

  let rec pos_div_eucl a b =
    (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
      (fun a' ->
      let (q, r) = pos_div_eucl a' b in
      let r' =
        add (mul (Big_int_Z.mult_int_big_int 2 Big_int_Z.unit_big_int) r)
          Big_int_Z.unit_big_int
      in
      if ltb r' b
      then ((mul (Big_int_Z.mult_int_big_int 2 Big_int_Z.unit_big_int) q), r')
      else ((add
              (mul (Big_int_Z.mult_int_big_int 2 Big_int_Z.unit_big_int) q)
              Big_int_Z.unit_big_int), (sub r' b)))
      (fun a' ->
      let (q, r) = pos_div_eucl a' b in
      let r' = mul (Big_int_Z.mult_int_big_int 2 Big_int_Z.unit_big_int) r in
      if ltb r' b
      then ((mul (Big_int_Z.mult_int_big_int 2 Big_int_Z.unit_big_int) q), r')
      else ((add
              (mul (Big_int_Z.mult_int_big_int 2 Big_int_Z.unit_big_int) q)
              Big_int_Z.unit_big_int), (sub r' b)))
      (fun _ ->
      if leb (Big_int_Z.mult_int_big_int 2 Big_int_Z.unit_big_int) b
      then (Big_int_Z.zero_big_int, Big_int_Z.unit_big_int)
      else (Big_int_Z.unit_big_int, Big_int_Z.zero_big_int))
      a

  (** val div_eucl :
      Big_int_Z.big_int -> Big_int_Z.big_int ->
      Big_int_Z.big_int * Big_int_Z.big_int **)

  let div_eucl = Big_int_Z.(fun x y ->
  match sign_big_int y with
  | 0 -> (zero_big_int, x)
  | 1 -> quomod_big_int x y
  | _ -> let (q, r) = quomod_big_int (add_int_big_int (-1) x) y in
          (add_int_big_int (-1) q, add_big_int (add_int_big_int 1 y) r))

  (** val div :
      Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int **)

  let div = Big_int_Z.(fun x y ->
  match sign_big_int y with
  | 0 -> zero_big_int
  | 1 -> div_big_int x y
  | _ -> add_int_big_int (-1) (div_big_int (add_int_big_int (-1) x) y))

  (** val div2 : Big_int_Z.big_int -> Big_int_Z.big_int **)

  let div2 z0 =
    (fun fO fp fn z -> let s = Big_int_Z.sign_big_int z in
  if s = 0 then fO () else if s > 0 then fp z
  else fn (Big_int_Z.minus_big_int z))
      (fun _ -> Big_int_Z.zero_big_int)
      (fun p0 ->
      (fun f2p1 f2p f1 p ->
  if Big_int_Z.le_big_int p Big_int_Z.unit_big_int then f1 () else
  let (q,r) = Big_int_Z.quomod_big_int p (Big_int_Z.big_int_of_int 2) in
  if Big_int_Z.eq_big_int r Big_int_Z.zero_big_int then f2p q else f2p1 q)
        (fun _ -> (Coq_Pos.div2 p0))
        (fun _ -> (Coq_Pos.div2 p0))
        (fun _ -> Big_int_Z.zero_big_int)
        p0)
      (fun p0 -> Big_int_Z.minus_big_int (Coq_Pos.div2_up p0))
      z0

  (** val log2 : Big_int_Z.big_int -> Big_int_Z.big_int **)

  let log2 = (fun x -> if Z.sign x <= 0 then Z.zero else Z.of_int (Z.numbits x - 1))

  (** val sqrt : Big_int_Z.big_int -> Big_int_Z.big_int **)

  let sqrt = (fun x -> if Z.sign x <= 0 then Z.zero else Z.sqrt x)

  (** val shiftl :
      Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int **)

  let shiftl = Big_int_Z.(fun x y ->
  let y = int_of_big_int y in
  if y < 0 then shift_right_big_int x (-y)
  else shift_left_big_int x y)

  (** val shiftr :
      Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int **)

  let shiftr = Big_int_Z.(fun x y ->
  let y = int_of_big_int y in
  if y < 0 then shift_left_big_int x (-y)
  else shift_right_big_int x y)
 end

(** val nth : int -> 'a1 list -> 'a1 -> 'a1 **)

let rec nth n l default =
  (fun fO fS n -> if n=0 then fO () else fS (n-1))
    (fun _ -> match l with
              | [] -> default
              | x :: _ -> x)
    (fun m -> match l with
              | [] -> default
              | _ :: t0 -> nth m t0 default)
    n

(** val concat : 'a1 list list -> 'a1 list **)

let rec concat = function
| [] -> []
| x :: l0 -> app x (concat l0)

(** val map : ('a1 -> 'a2) -> 'a1 list -> 'a2 list **)

let rec map f = function
| [] -> []
| a :: t0 -> (f a) :: (map f t0)

(** val fold_right : ('a2 -> 'a1 -> 'a1) -> 'a1 -> 'a2 list -> 'a1 **)

let rec fold_right f a0 = function
| [] -> a0
| b :: t0 -> f b (fold_right f a0 t0)

(** val forallb : ('a1 -> bool) -> 'a1 list -> bool **)

let rec forallb f = function
| [] -> true
| a :: l0 -> (&&) (f a) (forallb f l0)

(** val seq : int -> int -> int list **)

let rec seq start len =
  (fun fO fS n -> if n=0 then fO () else fS (n-1))
    (fun _ -> [])
    (fun len0 -> start :: (seq (Stdlib.Int.succ start) len0))
    len

(** val repeat : 'a1 -> int -> 'a1 list **)

let rec repeat x n =
  (fun fO fS n -> if n=0 then fO () else fS (n-1))
    (fun _ -> [])
    (fun k -> x :: (repeat x k))
    n

module type INT =
 sig
  type t

  val to_Z : t -> Big_int_Z.big_int

  val of_Z : Big_int_Z.big_int -> t

  val add : t -> t -> t

  val sub : t -> t -> t

  val mul : t -> t -> t

  val div : t -> t -> t

  val shl : t -> t -> t

  val shr : t -> t -> t

  val max : t -> t -> t

  val opp : t -> t

  val abs : t -> t

  val sqrt : t -> t

  val log2 : t -> t

  val ltb : t -> t -> bool

  val leb : t -> t -> bool
 end

module ZInt =
 struct
  type t = Big_int_Z.big_int

  (** val to_Z : Big_int_Z.big_int -> Big_int_Z.big_int **)

  let to_Z z0 =
    z0

  (** val of_Z : Big_int_Z.big_int -> Big_int_Z.big_int **)

  let of_Z z0 =
    z0

  (** val add :
      Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int **)

  let add =
    Z.add

  (** val sub :
      Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int **)

  let sub =
    Z.sub

  (** val mul :
      Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int **)

  let mul =
    Z.mul

  (** val div :
      Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int **)

  let div =
    Z.div

  (** val shl :
      Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int **)

  let shl =
    Z.shiftl

  (** val shr :
      Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int **)

  let shr =
    Z.shiftr

  (** val max :
      Big_int_Z.big_int -> Big_int_Z.big_int -> Big_int_Z.big_int **)

  let max =
    Z.max

  (** val opp : Big_int_Z.big_int -> Big_int_Z.big_int **)

  let opp =
    Z.opp

  (** val abs : Big_int_Z.big_int -> Big_int_Z.big_int **)

  let abs =
    Z.abs

  (** val sqrt : Big_int_Z.big_int -> Big_int_Z.big_int **)

  let sqrt =
    Z.sqrt

  (** val log2 : Big_int_Z.big_int -> Big_int_Z.big_int **)

  let log2 =
    Z.log2

  (** val ltb : Big_int_Z.big_int -> Big_int_Z.big_int -> bool **)

  let ltb =
    Z.ltb

  (** val leb : Big_int_Z.big_int -> Big_int_Z.big_int -> bool **)

  let leb =
    Z.leb
 end

type double0 = Big_int_Z.big_int * Big_int_Z.big_int

type activation =
| Identity
| Tanh
| Sigmoid
| Relu
| Erf
| Gelu
| Softplus

type witness = { w_M_min : double0; w_M_max : double0; w_G_max : double0;
                 w_K_norm : double0 }

type statement = { s_alpha : double0; s_error : double0;
                   s_beta_displacement : double0; s_A_displacement : 
                   double0; s_cos_min : double0; s_cos_max : double0 }

type leg = { l_checkpoint : int; l_witness : witness; l_statement : statement }

type problem = { p_psi : activation; p_X : double0 list list;
                 p_y : double0 list; p_b : double0 list;
                 p_beta : double0 list; p_eta : double0; p_radius : double0 }

type checkpoint_certificate = { k_problem : problem; k_A : double0 list list;
                                k_leg : leg }

type whole_run = { r_errors : (double0 * double0) list;
                   r_beta_displacement : double0; r_A_displacement : 
                   double0; r_T1 : double0 option; r_T2 : double0 option;
                   r_T3 : (double0 * leg) option }

type initial_certificate = { i_problem : problem; i_W : double0 list list;
                             i_lambda : double0 list; i_leg : leg;
                             i_run : whole_run }

type variant_certificate = { v_backpropagation : bool; v_psi : activation;
                             v_X : double0 list list;
                             v_y : double0 list list;
                             v_b : double0 list list;
                             v_beta : double0 list list;
                             v_A : double0 list list; v_eta : double0;
                             v_radius : double0; v_leg : leg }

type condition =
| Shapes
| Eta_positive
| Alpha_positive
| Radius_nonnegative
| T1_alpha
| B_nonzero
| T2_kappa
| T2_cosine
| T3_margin
| T3_cosine
| K_norm
| Error_above
| Error_below
| Run_beta_displacement
| Run_A_displacement
| Decay
| Beta_nonzero
| Cosine
| M_min
| M_max
| G_max
| A_10
| A_11
| Signs
| Leg_error
| Leg_beta_displacement
| Leg_A_displacement
| Cos_min
| Cos_max
| Later_beta_displacement
| Later_A_displacement
| Twin of condition

type outcome =
| Proved
| Open of condition * int

module BallDefF =
 functor (I:INT) ->
 struct
  type ball = I.t * I.t

  (** val c0 : I.t **)

  let c0 =
    I.of_Z Big_int_Z.zero_big_int

  (** val c1 : I.t **)

  let c1 =
    I.of_Z Big_int_Z.unit_big_int

  (** val c2 : I.t **)

  let c2 =
    I.of_Z (Big_int_Z.mult_int_big_int 2 Big_int_Z.unit_big_int)

  (** val b0 : ball **)

  let b0 =
    (c0, c0)

  (** val add : ball -> ball -> ball **)

  let add a b =
    ((I.add (fst a) (fst b)), (I.add (snd a) (snd b)))

  (** val sub : ball -> ball -> ball **)

  let sub a b =
    ((I.sub (fst a) (fst b)), (I.add (snd a) (snd b)))

  (** val opp : ball -> ball **)

  let opp a =
    ((I.opp (fst a)), (snd a))

  (** val rawmul : ball -> ball -> ball **)

  let rawmul a b =
    let (m1, r1) = a in
    let (m2, r2) = b in
    ((I.mul m1 m2),
    (I.add (I.mul (I.abs m1) r2) (I.mul (I.add (I.abs m2) r2) r1)))

  (** val norm : I.t -> ball -> ball **)

  let norm w a =
    ((I.shr (fst a) w), (I.add (I.shr (snd a) w) c2))

  (** val mul : I.t -> ball -> ball -> ball **)

  let mul w a b =
    norm w (rawmul a b)

  (** val divk : I.t -> ball -> ball **)

  let divk k a =
    ((I.div (fst a) k), (I.add (I.div (snd a) k) c2))

  (** val ofInt : I.t -> I.t -> ball **)

  let ofInt w k =
    ((I.shl k w), c0)

  (** val one : I.t -> ball **)

  let one w =
    ofInt w c1

  (** val babs : ball -> ball **)

  let babs a =
    ((I.abs (fst a)), (snd a))

  (** val posb : ball -> bool **)

  let posb a =
    I.ltb (snd a) (fst a)

  (** val nonneg : ball -> bool **)

  let nonneg a =
    I.leb (snd a) (fst a)

  (** val div : I.t -> ball -> ball -> ball **)

  let div w a b =
    let (m1, r1) = a in
    let (m2, r2) = b in
    ((I.div (I.shl m1 w) m2),
    (I.add
      (I.div (I.shl (I.add (I.mul r1 m2) (I.mul (I.abs m1) r2)) w)
        (I.mul (I.sub m2 r2) m2)) c2))

  (** val bsqrt : I.t -> ball -> ball **)

  let bsqrt w = function
  | (m, r) ->
    let lo = I.sqrt (I.shl (I.max c0 (I.sub m r)) w) in
    let hi = I.add (I.sqrt (I.shl (I.add m r) w)) c1 in (lo, (I.sub hi lo))

  (** val rawdot_to : ball -> ball list -> ball list -> ball **)

  let rec rawdot_to acc l l' =
    match l with
    | [] -> acc
    | a :: t0 ->
      (match l' with
       | [] -> acc
       | a' :: t' -> rawdot_to (add acc (rawmul a a')) t0 t')

  (** val rawdot : ball list -> ball list -> ball **)

  let rawdot =
    rawdot_to b0

  (** val dotB : I.t -> ball list -> ball list -> ball **)

  let dotB w l l' =
    norm w (rawdot l l')

  (** val map2 : ('a1 -> 'a2 -> 'a3) -> 'a1 list -> 'a2 list -> 'a3 list **)

  let rec map2 f l l' =
    match l with
    | [] -> []
    | a :: t0 ->
      (match l' with
       | [] -> []
       | a' :: t' -> (f a a') :: (map2 f t0 t'))

  (** val ofD : I.t -> double0 -> ball **)

  let ofD w d0 =
    let s = Z.add (snd d0) (I.to_Z w) in
    if Z.leb Big_int_Z.zero_big_int s
    then ((I.shl (I.of_Z (fst d0)) (I.of_Z s)), c0)
    else ((I.shr (I.of_Z (fst d0)) (I.of_Z (Z.opp s))), c1)
 end

module ElementaryDefF =
 functor (I:INT) ->
 functor (B:sig
  type ball = I.t * I.t

  val c0 : I.t

  val c1 : I.t

  val c2 : I.t

  val b0 : ball

  val add : ball -> ball -> ball

  val sub : ball -> ball -> ball

  val opp : ball -> ball

  val rawmul : ball -> ball -> ball

  val norm : I.t -> ball -> ball

  val mul : I.t -> ball -> ball -> ball

  val divk : I.t -> ball -> ball

  val ofInt : I.t -> I.t -> ball

  val one : I.t -> ball

  val babs : ball -> ball

  val posb : ball -> bool

  val nonneg : ball -> bool

  val div : I.t -> ball -> ball -> ball

  val bsqrt : I.t -> ball -> ball

  val rawdot_to : ball -> ball list -> ball list -> ball

  val rawdot : ball list -> ball list -> ball

  val dotB : I.t -> ball list -> ball list -> ball

  val map2 : ('a1 -> 'a2 -> 'a3) -> 'a1 list -> 'a2 list -> 'a3 list

  val ofD : I.t -> double0 -> ball
 end) ->
 struct
  (** val c4 : I.t **)

  let c4 =
    I.of_Z (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
      Big_int_Z.unit_big_int))

  (** val c6 : I.t **)

  let c6 =
    I.of_Z (Big_int_Z.mult_int_big_int 2
      ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
      Big_int_Z.unit_big_int))

  (** val halvings : I.t -> I.t **)

  let halvings w =
    I.add (I.shr w c4) c4

  (** val guard : I.t -> I.t **)

  let guard w =
    I.add (halvings w) c6

  (** val taylor :
      I.t -> I.t -> I.t -> int -> I.t -> I.t -> I.t -> I.t * I.t **)

  let rec taylor w t0 v j j0 f h =
    (fun fO fS n -> if n=0 then fO () else fS (n-1))
      (fun _ -> (f, h))
      (fun i ->
      let f' = I.mul f j0 in
      taylor w t0 v i (I.sub j0 B.c1) f'
        (I.sub (I.shl f' w) (I.shr (I.mul t0 h) v)))
      j

  (** val squarings : I.t -> I.t -> int -> I.t -> I.t -> B.ball **)

  let rec squarings w half k e e0 =
    (fun fO fS n -> if n=0 then fO () else fS (n-1))
      (fun _ -> (e, e0))
      (fun j ->
      squarings w half j (I.shr (I.mul e e) w)
        (if I.leb (I.add e e0) half
         then I.add e0 B.c1
         else I.add (I.add e0 e0) B.c1))
      k

  (** val expI : I.t -> I.t -> B.ball **)

  let expI w m =
    let q = halvings w in
    let w0 = I.add w (guard w) in
    let n = Stdlib.Int.succ
      (Z.to_nat
        (Z.div (I.to_Z w0)
          (Z.add (I.to_Z q) (Big_int_Z.mult_int_big_int 2
            Big_int_Z.unit_big_int))))
    in
    let k =
      Z.to_nat
        (Z.add
          (Z.sub (Z.add (I.to_Z (I.log2 m)) Big_int_Z.unit_big_int)
            (I.to_Z w)) (I.to_Z q))
    in
    let j = I.of_Z (Z.of_nat n) in
    let (f, h) = taylor w0 m (I.add w (I.of_Z (Z.of_nat k))) n j B.c1 B.c0 in
    let left = I.add (I.shl B.c1 (I.max B.c0 (I.sub w0 (I.mul q j)))) B.c2 in
    let one1 = I.shl B.c1 w0 in
    let e = I.div h f in
    squarings w0 (I.shr one1 B.c1) k
      (if I.leb e one1 then I.max B.c0 e else one1)
      (I.add (I.div left f) B.c2)

  (** val expnB : I.t -> B.ball -> B.ball **)

  let expnB w a =
    let (e, e0) = B.norm (guard w) (expI w (I.max B.c0 (fst a))) in
    (e, (I.add e0 (snd a)))

  (** val tanhB : I.t -> B.ball -> B.ball **)

  let tanhB w = function
  | (m, r) ->
    let (e, e0) = expI w (I.shl (I.abs m) B.c1) in
    let one1 = I.shl B.c1 (I.add w (guard w)) in
    let u = I.div (I.shl (I.sub one1 e) w) (I.add one1 e) in
    ((if I.ltb m B.c0 then I.opp u else u),
    (I.add (I.add (I.shr (I.add e0 e0) (guard w)) B.c2) r))
 end

module SmoothDefF =
 functor (I:INT) ->
 functor (B:sig
  type ball = I.t * I.t

  val c0 : I.t

  val c1 : I.t

  val c2 : I.t

  val b0 : ball

  val add : ball -> ball -> ball

  val sub : ball -> ball -> ball

  val opp : ball -> ball

  val rawmul : ball -> ball -> ball

  val norm : I.t -> ball -> ball

  val mul : I.t -> ball -> ball -> ball

  val divk : I.t -> ball -> ball

  val ofInt : I.t -> I.t -> ball

  val one : I.t -> ball

  val babs : ball -> ball

  val posb : ball -> bool

  val nonneg : ball -> bool

  val div : I.t -> ball -> ball -> ball

  val bsqrt : I.t -> ball -> ball

  val rawdot_to : ball -> ball list -> ball list -> ball

  val rawdot : ball list -> ball list -> ball

  val dotB : I.t -> ball list -> ball list -> ball

  val map2 : ('a1 -> 'a2 -> 'a3) -> 'a1 list -> 'a2 list -> 'a3 list

  val ofD : I.t -> double0 -> ball
 end) ->
 functor (E:sig
  val c4 : I.t

  val c6 : I.t

  val halvings : I.t -> I.t

  val guard : I.t -> I.t

  val taylor : I.t -> I.t -> I.t -> int -> I.t -> I.t -> I.t -> I.t * I.t

  val squarings : I.t -> I.t -> int -> I.t -> I.t -> B.ball

  val expI : I.t -> I.t -> B.ball

  val expnB : I.t -> B.ball -> B.ball

  val tanhB : I.t -> B.ball -> B.ball
 end) ->
 struct
  (** val c3 : I.t **)

  let c3 =
    I.of_Z
      ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
      Big_int_Z.unit_big_int)

  (** val c16 : I.t **)

  let c16 =
    I.of_Z (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
      (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
      Big_int_Z.unit_big_int))))

  (** val top : B.ball -> I.t **)

  let top a =
    I.add (I.abs (fst a)) (snd a)

  (** val widen : B.ball -> I.t -> B.ball **)

  let widen a e =
    ((fst a), (I.add (snd a) e))

  (** val spread : I.t -> I.t -> B.ball -> B.ball -> B.ball * B.ball **)

  let spread w r p0 d0 =
    ((widen p0 (I.add (I.shr (I.mul (I.add (top d0) r) r) w) B.c1)),
      (widen d0 r))

  (** val pi_loop : int -> I.t -> B.ball -> B.ball -> B.ball -> B.ball **)

  let rec pi_loop k d0 p0 q s =
    let term = B.divk d0 (B.add p0 q) in
    ((fun fO fS n -> if n=0 then fO () else fS (n-1))
       (fun _ -> widen s (top term))
       (fun j ->
       pi_loop j (I.add d0 B.c2)
         (B.opp
           (B.divk
             (I.of_Z
               ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
               (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
               Big_int_Z.unit_big_int)))) p0))
         (B.opp
           (B.divk
             (I.of_Z
               ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
               (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
               (Big_int_Z.mult_int_big_int 2
               ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
               Big_int_Z.unit_big_int)))))) q)) (B.add s term))
       k)

  (** val piB : I.t -> B.ball **)

  let piB w =
    let k =
      add
        (mul (Stdlib.Int.succ (Stdlib.Int.succ 0))
          (Z.to_nat
            (Z.add
              (Z.div (I.to_Z w) (Big_int_Z.mult_int_big_int 2
                ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
                Big_int_Z.unit_big_int))) (Big_int_Z.mult_int_big_int 2
              Big_int_Z.unit_big_int)))) (Stdlib.Int.succ 0)
    in
    B.mul w
      (B.ofInt w
        (I.of_Z (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          Big_int_Z.unit_big_int))))
      (pi_loop k B.c1 (B.divk c3 (B.ofInt w B.c2))
        (B.divk
          (I.of_Z
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            Big_int_Z.unit_big_int))) (B.one w)) B.b0)

  (** val series :
      int -> I.t -> I.t -> I.t -> I.t -> I.t -> (I.t * I.t) option **)

  let rec series fuel q sh d0 t0 s =
    if I.ltb t0 B.c1
    then Some (s, d0)
    else ((fun fO fS n -> if n=0 then fO () else fS (n-1))
            (fun _ -> None)
            (fun f ->
            series f q sh (I.add d0 B.c2) (I.div (I.shr (I.mul t0 q) sh) d0)
              (I.add s t0))
            fuel)

  (** val gauss_at : I.t -> I.t -> I.t -> B.ball * B.ball **)

  let gauss_at j w x =
    let q = I.mul x x in
    let sh = I.add (I.add w w) j in
    let n = I.add (I.shr q sh) B.c1 in
    let e = I.shr (I.mul c3 n) B.c1 in
    let v = I.add w c16 in
    let w0 = I.add v e in
    let one1 = I.shl B.c1 w0 in
    let x0 = I.shl x c16 in
    let coarse = ((B.c0, x0), (B.c0, (I.shl B.c1 v))) in
    (match series
             (Z.to_nat
               (Z.add (I.to_Z w0)
                 (Z.mul (Big_int_Z.mult_int_big_int 2
                   (Big_int_Z.mult_int_big_int 2 Big_int_Z.unit_big_int))
                   (I.to_Z n)))) (I.shl q B.c1) sh c3 one1 B.c0 with
     | Some p0 ->
       let (s, d0) = p0 in
       if I.leb (I.shl d0 B.c1) one1
       then let e0 = E.expnB w0 ((I.shr (I.shl q w0) sh), B.c1) in
            let g = (s, (I.add (I.shr (I.mul (I.shl d0 B.c1) s) w0) B.c1)) in
            ((B.mul v (x0, B.c0) (B.norm e (B.mul w0 e0 g))), (B.norm e e0))
       else coarse
     | None -> coarse)

  (** val gaussB : I.t -> I.t -> I.t -> B.ball * B.ball **)

  let gaussB j w m =
    let cap = I.shl (I.add (I.sqrt (I.shl w j)) B.c2) w in
    let m1 = I.abs m in
    let bE =
      if I.ltb cap m1
      then let (b, e) = gauss_at j w cap in
           let h = top e in ((widen b h), (B.c0, h))
      else gauss_at j w m1
    in
    ((if I.ltb m B.c0 then B.opp (fst bE) else fst bE), (snd bE))

  (** val erf_scaleB : I.t -> B.ball **)

  let erf_scaleB v =
    let root = B.bsqrt v (piB v) in
    if B.posb root
    then B.div v (B.ofInt v B.c2) root
    else (B.c0, (I.shl B.c2 v))

  (** val erfB : I.t -> B.ball -> B.ball * B.ball **)

  let erfB w =
    let v = I.add w c16 in
    let c = erf_scaleB v in
    (fun a ->
    let (b, e) = gaussB B.c0 w (fst a) in
    spread w (snd a) (B.norm c16 (B.mul v c b)) (B.norm c16 (B.mul v c e)))

  (** val gelu_scaleB : I.t -> B.ball **)

  let gelu_scaleB v =
    let root = B.bsqrt v (B.mul v (B.ofInt v B.c2) (piB v)) in
    if B.posb root then B.div v (B.one v) root else (B.c0, (I.shl B.c1 v))

  (** val geluB : I.t -> B.ball -> B.ball * B.ball **)

  let geluB w =
    let v = I.add w c16 in
    let c = gelu_scaleB v in
    let half = B.divk B.c2 (B.one v) in
    (fun a ->
    let (b, e) = gaussB B.c1 w (fst a) in
    let x = ((I.shl (fst a) c16), B.c0) in
    let phi = B.add half (B.mul v c b) in
    spread w (snd a) (B.norm c16 (B.mul v x phi))
      (B.norm c16 (B.add phi (B.mul v x (B.mul v c e)))))

  (** val log_loop : I.t -> B.ball -> int -> B.ball -> B.ball **)

  let rec log_loop w v k h =
    (fun fO fS n -> if n=0 then fO () else fS (n-1))
      (fun _ -> h)
      (fun j ->
      log_loop w v j
        (B.add
          (B.divk
            (I.of_Z
              (Z.of_nat
                (add (mul (Stdlib.Int.succ (Stdlib.Int.succ 0)) j)
                  (Stdlib.Int.succ 0)))) (B.one w)) (B.mul w v h)))
      k

  (** val log1pB : I.t -> B.ball -> B.ball **)

  let log1pB w e =
    let d0 = B.add (B.ofInt w B.c2) e in
    if B.posb d0
    then let z0 = B.div w e d0 in
         B.mul w (B.add z0 z0)
           (log_loop w (B.mul w z0 z0)
             (Z.to_nat
               (Z.add
                 (Z.div (I.to_Z w)
                   ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
                   Big_int_Z.unit_big_int)) Big_int_Z.unit_big_int))
             ((I.shl B.c1 w), (I.shl B.c1 w)))
    else (B.c0, (I.shl B.c2 w))

  (** val softplusB : I.t -> B.ball -> B.ball * B.ball **)

  let softplusB w a =
    let v = I.add w c16 in
    let (m, r) = a in
    let x = ((I.shl (I.abs m) c16), B.c0) in
    let e = E.expnB v x in
    let l = log1pB v e in
    let d0 = B.add (B.one v) e in
    let s = if B.posb d0 then B.div v (B.one v) d0 else (B.c0, (I.shl B.c1 v))
    in
    if I.ltb m B.c0
    then spread w r (B.norm c16 l) (B.norm c16 (B.sub (B.one v) s))
    else spread w r (B.norm c16 (B.add x l)) (B.norm c16 s)
 end

module ActDefF =
 functor (I:INT) ->
 functor (B:sig
  type ball = I.t * I.t

  val c0 : I.t

  val c1 : I.t

  val c2 : I.t

  val b0 : ball

  val add : ball -> ball -> ball

  val sub : ball -> ball -> ball

  val opp : ball -> ball

  val rawmul : ball -> ball -> ball

  val norm : I.t -> ball -> ball

  val mul : I.t -> ball -> ball -> ball

  val divk : I.t -> ball -> ball

  val ofInt : I.t -> I.t -> ball

  val one : I.t -> ball

  val babs : ball -> ball

  val posb : ball -> bool

  val nonneg : ball -> bool

  val div : I.t -> ball -> ball -> ball

  val bsqrt : I.t -> ball -> ball

  val rawdot_to : ball -> ball list -> ball list -> ball

  val rawdot : ball list -> ball list -> ball

  val dotB : I.t -> ball list -> ball list -> ball

  val map2 : ('a1 -> 'a2 -> 'a3) -> 'a1 list -> 'a2 list -> 'a3 list

  val ofD : I.t -> double0 -> ball
 end) ->
 struct
  module E = ElementaryDefF(I)(B)

  module S = SmoothDefF(I)(B)(E)

  (** val dtanhB : I.t -> B.ball -> B.ball **)

  let dtanhB w u =
    B.sub (B.one w) (B.mul w u u)

  (** val sigmoidB : I.t -> B.ball -> B.ball **)

  let sigmoidB w x =
    let v = I.add w B.c1 in B.norm B.c2 (B.add (B.one v) (E.tanhB v x))

  (** val dsigmoidB : I.t -> B.ball -> B.ball **)

  let dsigmoidB w s =
    B.mul w s (B.sub (B.one w) s)

  (** val upto : I.t -> B.ball **)

  let upto e =
    let h = I.shr e B.c1 in (h, (I.sub e h))

  (** val reluB : I.t -> B.ball -> B.ball * B.ball **)

  let reluB w x =
    if B.posb x
    then (x, (B.one w))
    else let top0 = I.add (fst x) (snd x) in
         if I.leb top0 B.c0
         then (B.b0, B.b0)
         else ((upto top0), (upto (I.shl B.c1 w)))

  (** val activate : activation -> I.t -> B.ball -> B.ball * B.ball **)

  let activate psi w =
    match psi with
    | Identity -> (fun x -> (x, (B.one w)))
    | Tanh -> (fun x -> let u = E.tanhB w x in (u, (dtanhB w u)))
    | Sigmoid -> (fun x -> let s = sigmoidB w x in (s, (dsigmoidB w s)))
    | Relu -> reluB w
    | Erf -> S.erfB w
    | Gelu -> S.geluB w
    | Softplus -> S.softplusB w

  (** val coq_L1B : activation -> I.t -> B.ball **)

  let coq_L1B psi w =
    match psi with
    | Sigmoid ->
      B.divk
        (I.of_Z (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          Big_int_Z.unit_big_int))) (B.one w)
    | Erf ->
      B.divk
        (I.of_Z (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          (Big_int_Z.mult_int_big_int 2
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          (Big_int_Z.mult_int_big_int 2
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          (Big_int_Z.mult_int_big_int 2
          Big_int_Z.unit_big_int)))))))))))))))))))))))))))
        (B.ofInt w
          (I.of_Z
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            Big_int_Z.unit_big_int))))))))))))))))))))))))))))
    | Gelu ->
      B.divk
        (I.of_Z (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          (Big_int_Z.mult_int_big_int 2
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          (Big_int_Z.mult_int_big_int 2
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          (Big_int_Z.mult_int_big_int 2
          Big_int_Z.unit_big_int)))))))))))))))))))))))))))
        (B.ofInt w
          (I.of_Z
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            Big_int_Z.unit_big_int))))))))))))))))))))))))))))
    | _ -> B.one w

  (** val coq_L2B : activation -> I.t -> B.ball **)

  let coq_L2B psi w =
    match psi with
    | Tanh ->
      B.divk
        (I.of_Z (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          (Big_int_Z.mult_int_big_int 2
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          (Big_int_Z.mult_int_big_int 2
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          (Big_int_Z.mult_int_big_int 2
          Big_int_Z.unit_big_int)))))))))))))))))))))))))))
        (B.ofInt w
          (I.of_Z (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
            Big_int_Z.unit_big_int))))))))))))))))))))))))))))
    | Sigmoid ->
      B.divk
        (I.of_Z (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          (Big_int_Z.mult_int_big_int 2
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          (Big_int_Z.mult_int_big_int 2
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          (Big_int_Z.mult_int_big_int 2
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          (Big_int_Z.mult_int_big_int 2
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          (Big_int_Z.mult_int_big_int 2
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          Big_int_Z.unit_big_int))))))))))))))))))))))))))))))
        (B.ofInt w
          (I.of_Z
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2
            Big_int_Z.unit_big_int))))))))))))))))))))))))))))
    | Erf ->
      B.divk
        (I.of_Z (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          (Big_int_Z.mult_int_big_int 2
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          (Big_int_Z.mult_int_big_int 2
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          (Big_int_Z.mult_int_big_int 2
          Big_int_Z.unit_big_int)))))))))))))))))))))))))))
        (B.ofInt w
          (I.of_Z (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
            (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2
            Big_int_Z.unit_big_int))))))))))))))))))))))))))))
    | Gelu ->
      B.divk
        (I.of_Z (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          (Big_int_Z.mult_int_big_int 2
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          (Big_int_Z.mult_int_big_int 2
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
          (Big_int_Z.mult_int_big_int 2
          Big_int_Z.unit_big_int)))))))))))))))))))))))))))
        (B.ofInt w
          (I.of_Z
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
            (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
            (Big_int_Z.mult_int_big_int 2
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
            (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
            Big_int_Z.unit_big_int))))))))))))))))))))))))))))
    | Softplus ->
      B.divk
        (I.of_Z (Big_int_Z.mult_int_big_int 2 (Big_int_Z.mult_int_big_int 2
          Big_int_Z.unit_big_int))) (B.one w)
    | _ -> B.b0

  (** val frozen_signs : activation -> bool **)

  let frozen_signs = function
  | Relu -> true
  | _ -> false
 end

(** val dsum : double0 -> double0 -> double0 **)

let dsum a b =
  let e = Z.min (snd a) (snd b) in
  ((Z.add (Z.shiftl (fst a) (Z.sub (snd a) e))
     (Z.shiftl (fst b) (Z.sub (snd b) e))), e)

(** val dneg : double0 -> double0 **)

let dneg a =
  ((Z.opp (fst a)), (snd a))

(** val dpos : double0 -> bool **)

let dpos a =
  Z.ltb Big_int_Z.zero_big_int (fst a)

(** val dle : double0 -> double0 -> bool **)

let dle a b =
  Z.leb Big_int_Z.zero_big_int (fst (dsum b (dneg a)))

(** val dlt : double0 -> double0 -> bool **)

let dlt a b =
  Z.ltb Big_int_Z.zero_big_int (fst (dsum b (dneg a)))

(** val minus_one : double0 **)

let minus_one =
  ((Big_int_Z.minus_big_int Big_int_Z.unit_big_int), Big_int_Z.zero_big_int)

(** val plus_one : double0 **)

let plus_one =
  (Big_int_Z.unit_big_int, Big_int_Z.zero_big_int)

type 't nums = { x_rp : 't; x_et : 't; x_al : 't; x_Mmin : 't; x_Mmax : 
                 't; x_Gmax : 't; x_Kn : 't; x_L1 : 't; x_L2 : 't; x_E : 
                 't; x_kmax : 't; x_koK : 't; x_nb : 't; x_Q : 't; x_b4 : 
                 't; x_Nb : 't; x_bbe : 't; x_cmin : 't; x_cmax : 't }

type 't ops = { o_add : ('t -> 't -> 't); o_sub : ('t -> 't -> 't);
                o_mul : ('t -> 't -> 't); o_div : ('t -> 't -> 't);
                o_sqrt : ('t -> 't); o_half : ('t -> 't); o_two : 't }

(** val f_L1s : 'a1 ops -> 'a1 nums -> 'a1 **)

let f_L1s o x =
  o.o_mul x.x_L1 x.x_L1

(** val f_s0 : 'a1 ops -> 'a1 nums -> 'a1 **)

let f_s0 o x =
  o.o_div x.x_nb x.x_rp

(** val f_kap : 'a1 ops -> 'a1 nums -> 'a1 **)

let f_kap o x =
  o.o_div (o.o_mul (o.o_mul (f_L1s o x) (f_s0 o x)) x.x_Kn) x.x_rp

(** val f_R : 'a1 ops -> 'a1 nums -> 'a1 **)

let f_R o x =
  o.o_div x.x_E x.x_al

(** val f_Gs : 'a1 ops -> 'a1 nums -> 'a1 **)

let f_Gs o x =
  o.o_sqrt x.x_Gmax

(** val f_q : 'a1 ops -> 'a1 nums -> 'a1 **)

let f_q o x =
  o.o_mul (f_kap o x) (f_R o x)

(** val f_rho : 'a1 ops -> 'a1 nums -> 'a1 **)

let f_rho o x =
  o.o_mul (f_R o x)
    (o.o_add (f_Gs o x) (o.o_mul (o.o_half (f_kap o x)) (f_R o x)))

(** val f_dG : 'a1 ops -> 'a1 nums -> 'a1 **)

let f_dG o x =
  o.o_add (o.o_mul (o.o_mul o.o_two (f_Gs o x)) (f_q o x))
    (o.o_mul (f_q o x) (f_q o x))

(** val f_h2 : 'a1 ops -> 'a1 nums -> 'a1 **)

let f_h2 o x =
  o.o_div
    (o.o_mul
      (o.o_mul (o.o_mul (o.o_mul o.o_two (f_L1s o x)) x.x_L2) x.x_kmax)
      x.x_Kn) x.x_rp

(** val f_D : 'a1 ops -> 'a1 nums -> 'a1 **)

let f_D o x =
  o.o_add (f_dG o x)
    (o.o_add
      (o.o_div
        (o.o_mul (o.o_mul (o.o_mul (f_L1s o x) x.x_Kn) (f_s0 o x))
          (f_rho o x)) x.x_rp) (o.o_mul (o.o_mul (f_h2 o x) x.x_Q) (f_R o x)))

(** val f_Cv : 'a1 ops -> 'a1 nums -> 'a1 **)

let f_Cv o x =
  o.o_add (o.o_mul (f_kap o x) (o.o_add (f_Gs o x) (f_q o x)))
    (o.o_mul
      (o.o_half
        (o.o_div (o.o_mul (o.o_mul (f_L1s o x) x.x_L2) x.x_koK) x.x_rp))
      (o.o_add x.x_Q (o.o_mul x.x_b4 (f_rho o x))))

(** val f_CE : 'a1 ops -> 'a1 nums -> 'a1 **)

let f_CE o x =
  o.o_mul (o.o_mul x.x_et (f_Cv o x)) x.x_E

(** val f_A10 : 'a1 ops -> 'a1 nums -> 'a1 **)

let f_A10 o x =
  o.o_sub (o.o_sub (o.o_sub x.x_Mmin (f_D o x)) (f_CE o x)) x.x_al

(** val f_A11 : 'a1 ops -> 'a1 nums -> 'a1 **)

let f_A11 o x =
  o.o_sub
    (o.o_sub (o.o_sub o.o_two (o.o_mul x.x_et x.x_al))
      (o.o_mul x.x_et (f_CE o x)))
    (o.o_mul x.x_et (o.o_add x.x_Mmax (f_D o x)))

(** val f_Ad : 'a1 ops -> 'a1 nums -> 'a1 **)

let f_Ad o x =
  o.o_mul (o.o_mul (o.o_mul x.x_L1 (f_s0 o x)) x.x_Kn) (f_R o x)

(** val f_near : 'a1 ops -> 'a1 nums -> 'a1 **)

let f_near o x =
  o.o_mul (o.o_sub x.x_Nb (f_rho o x)) x.x_nb

(** val f_far : 'a1 ops -> 'a1 nums -> 'a1 **)

let f_far o x =
  o.o_mul (o.o_add x.x_Nb (f_rho o x)) x.x_nb

(** val f_low : 'a1 ops -> 'a1 nums -> 'a1 **)

let f_low o x =
  o.o_sub x.x_bbe (o.o_mul (f_rho o x) x.x_nb)

(** val f_high : 'a1 ops -> 'a1 nums -> 'a1 **)

let f_high o x =
  o.o_add x.x_bbe (o.o_mul (f_rho o x) x.x_nb)

(** val f_c1 : 'a1 ops -> 'a1 nums -> 'a1 **)

let f_c1 o x =
  o.o_sub (f_low o x) (o.o_mul x.x_cmin (f_near o x))

(** val f_c2 : 'a1 ops -> 'a1 nums -> 'a1 **)

let f_c2 o x =
  o.o_sub (f_low o x) (o.o_mul x.x_cmin (f_far o x))

(** val f_c3 : 'a1 ops -> 'a1 nums -> 'a1 **)

let f_c3 o x =
  o.o_sub (o.o_mul x.x_cmax (f_near o x)) (f_high o x)

(** val f_c4 : 'a1 ops -> 'a1 nums -> 'a1 **)

let f_c4 o x =
  o.o_sub (o.o_mul x.x_cmax (f_far o x)) (f_high o x)

module CheckDefF =
 functor (I:INT) ->
 functor (B:sig
  type ball = I.t * I.t

  val c0 : I.t

  val c1 : I.t

  val c2 : I.t

  val b0 : ball

  val add : ball -> ball -> ball

  val sub : ball -> ball -> ball

  val opp : ball -> ball

  val rawmul : ball -> ball -> ball

  val norm : I.t -> ball -> ball

  val mul : I.t -> ball -> ball -> ball

  val divk : I.t -> ball -> ball

  val ofInt : I.t -> I.t -> ball

  val one : I.t -> ball

  val babs : ball -> ball

  val posb : ball -> bool

  val nonneg : ball -> bool

  val div : I.t -> ball -> ball -> ball

  val bsqrt : I.t -> ball -> ball

  val rawdot_to : ball -> ball list -> ball list -> ball

  val rawdot : ball list -> ball list -> ball

  val dotB : I.t -> ball list -> ball list -> ball

  val map2 : ('a1 -> 'a2 -> 'a3) -> 'a1 list -> 'a2 list -> 'a3 list

  val ofD : I.t -> double0 -> ball
 end) ->
 functor (F:sig
  module E :
   sig
    val c4 : I.t

    val c6 : I.t

    val halvings : I.t -> I.t

    val guard : I.t -> I.t

    val taylor : I.t -> I.t -> I.t -> int -> I.t -> I.t -> I.t -> I.t * I.t

    val squarings : I.t -> I.t -> int -> I.t -> I.t -> B.ball

    val expI : I.t -> I.t -> B.ball

    val expnB : I.t -> B.ball -> B.ball

    val tanhB : I.t -> B.ball -> B.ball
   end

  module S :
   sig
    val c3 : I.t

    val c16 : I.t

    val top : B.ball -> I.t

    val widen : B.ball -> I.t -> B.ball

    val spread : I.t -> I.t -> B.ball -> B.ball -> B.ball * B.ball

    val pi_loop : int -> I.t -> B.ball -> B.ball -> B.ball -> B.ball

    val piB : I.t -> B.ball

    val series : int -> I.t -> I.t -> I.t -> I.t -> I.t -> (I.t * I.t) option

    val gauss_at : I.t -> I.t -> I.t -> B.ball * B.ball

    val gaussB : I.t -> I.t -> I.t -> B.ball * B.ball

    val erf_scaleB : I.t -> B.ball

    val erfB : I.t -> B.ball -> B.ball * B.ball

    val gelu_scaleB : I.t -> B.ball

    val geluB : I.t -> B.ball -> B.ball * B.ball

    val log_loop : I.t -> B.ball -> int -> B.ball -> B.ball

    val log1pB : I.t -> B.ball -> B.ball

    val softplusB : I.t -> B.ball -> B.ball * B.ball
   end

  val dtanhB : I.t -> B.ball -> B.ball

  val sigmoidB : I.t -> B.ball -> B.ball

  val dsigmoidB : I.t -> B.ball -> B.ball

  val upto : I.t -> B.ball

  val reluB : I.t -> B.ball -> B.ball * B.ball

  val activate : activation -> I.t -> B.ball -> B.ball * B.ball

  val coq_L1B : activation -> I.t -> B.ball

  val coq_L2B : activation -> I.t -> B.ball

  val frozen_signs : activation -> bool
 end) ->
 struct
  type mball = B.ball list list

  (** val mapi : (int -> 'a1 -> 'a2) -> int -> 'a1 list -> 'a2 list **)

  let rec mapi f i = function
  | [] -> []
  | a :: t0 -> (f i a) :: (mapi f (Stdlib.Int.succ i) t0)

  (** val diag :
      (B.ball -> B.ball) -> (B.ball -> B.ball) -> mball -> mball **)

  let diag f g m =
    mapi (fun i row -> mapi (fun j a -> if (=) i j then f a else g a) 0 row)
      0 m

  (** val outer : mball -> (B.ball list -> B.ball list -> B.ball) -> mball **)

  let outer l f =
    map (fun a -> map (fun a' -> f a a') l) l

  (** val maxball : B.ball list -> B.ball **)

  let maxball l =
    ((fold_right (fun a m -> I.max m (I.add (fst a) (snd a))) B.c0 l), B.c0)

  (** val widen : B.ball -> B.ball -> B.ball **)

  let widen r a =
    ((fst a), (I.add (snd a) (I.add (I.abs (fst r)) (snd r))))

  (** val pd : I.t -> int -> mball -> bool **)

  let rec pd w k m =
    (fun fO fS n -> if n=0 then fO () else fS (n-1))
      (fun _ -> true)
      (fun k' ->
      match m with
      | [] -> false
      | l :: rest ->
        (match l with
         | [] -> false
         | d0 :: v ->
           (&&) (B.posb d0)
             (pd w k'
               (map (fun row ->
                 match row with
                 | [] -> []
                 | c :: row' ->
                   let q = B.div w c d0 in
                   B.map2 (fun a vj -> B.sub a (B.mul w q vj)) row' v) rest))))
      k

  (** val nrmB : I.t -> B.ball list -> B.ball **)

  let nrmB w l =
    B.bsqrt w (B.dotB w l l)

  type data = { d_psi : activation; d_n : int; d_p : I.t; d_rp : B.ball;
                d_K : mball; d_y : B.ball list; d_b : B.ball list;
                d_nb : B.ball; d_eta : B.ball; d_h : B.ball }

  (** val d_psi : data -> activation **)

  let d_psi d0 =
    d0.d_psi

  (** val d_n : data -> int **)

  let d_n d0 =
    d0.d_n

  (** val d_p : data -> I.t **)

  let d_p d0 =
    d0.d_p

  (** val d_rp : data -> B.ball **)

  let d_rp d0 =
    d0.d_rp

  (** val d_K : data -> mball **)

  let d_K d0 =
    d0.d_K

  (** val d_y : data -> B.ball list **)

  let d_y d0 =
    d0.d_y

  (** val d_b : data -> B.ball list **)

  let d_b d0 =
    d0.d_b

  (** val d_nb : data -> B.ball **)

  let d_nb d0 =
    d0.d_nb

  (** val d_eta : data -> B.ball **)

  let d_eta d0 =
    d0.d_eta

  (** val d_h : data -> B.ball **)

  let d_h d0 =
    d0.d_h

  (** val data_of : I.t -> problem -> data **)

  let data_of w p0 =
    let d0 = map (B.ofD w) in
    let p1 = I.of_Z (Z.of_nat (length p0.p_b)) in
    let rp0 = B.bsqrt w (B.ofInt w p1) in
    let b = d0 p0.p_b in
    let eta0 = B.ofD w p0.p_eta in
    { d_psi = p0.p_psi; d_n = (length p0.p_y); d_p = p1; d_rp = rp0; d_K =
    (outer (map d0 p0.p_X) (B.dotB w)); d_y = (d0 p0.p_y); d_b = b; d_nb =
    (nrmB w b); d_eta = eta0; d_h = (B.div w eta0 rp0) }

  type state = { st_A : mball; st_beta : B.ball list }

  (** val st_A : state -> mball **)

  let st_A s =
    s.st_A

  (** val st_beta : state -> B.ball list **)

  let st_beta s =
    s.st_beta

  type point = { z_U : mball; z_D : mball; z_e : B.ball list; z_E : B.ball }

  (** val z_U : point -> mball **)

  let z_U p0 =
    p0.z_U

  (** val z_D : point -> mball **)

  let z_D p0 =
    p0.z_D

  (** val z_e : point -> B.ball list **)

  let z_e p0 =
    p0.z_e

  (** val z_E : point -> B.ball **)

  let z_E p0 =
    p0.z_E

  (** val point_at : I.t -> data -> state -> point **)

  let point_at w d0 s =
    let v = map (map (F.activate (d_psi d0) w)) (st_A s) in
    let u = map (map fst) v in
    let e =
      B.map2 B.sub
        (map (fun u0 -> B.div w (B.dotB w u0 (st_beta s)) (d_rp d0)) u)
        (d_y d0)
    in
    { z_U = u; z_D = (map (map snd) v); z_e = e; z_E = (nrmB w e) }

  (** val mG : I.t -> data -> point -> mball **)

  let mG w d0 z0 =
    outer (z_U z0) (fun u u' -> B.divk (d_p d0) (B.dotB w u u'))

  (** val mS : I.t -> data -> B.ball list -> mball -> mball **)

  let mS w d0 cb db =
    map (fun di ->
      let cd = B.map2 (B.mul w) cb di in
      map (fun dj -> B.divk (d_p d0) (B.dotB w cd dj)) db) db

  (** val mM : I.t -> data -> state -> point -> mball **)

  let mM w d0 s z0 =
    B.map2 (B.map2 B.add) (mG w d0 z0)
      (B.map2 (B.map2 (B.mul w)) (d_K d0)
        (mS w d0 (B.map2 (B.mul w) (st_beta s) (d_b d0)) (z_D z0)))

  (** val ballops : I.t -> B.ball ops **)

  let ballops w =
    { o_add = B.add; o_sub = B.sub; o_mul = (B.mul w); o_div = (B.div w);
      o_sqrt = (B.bsqrt w); o_half = (B.divk B.c2); o_two = (B.ofInt w B.c2) }

  (** val numbers : I.t -> data -> state -> point -> leg -> B.ball nums **)

  let numbers w d0 s z0 l =
    let d1 = B.ofD w in
    let v = l.l_witness in
    let c = l.l_statement in
    let k2 = map (fun r -> B.dotB w r r) (d_K d0) in
    let b2 = map (fun a -> B.mul w a a) (d_b d0) in
    { x_rp = (d_rp d0); x_et = (d_eta d0); x_al = (d1 c.s_alpha); x_Mmin =
    (d1 v.w_M_min); x_Mmax = (d1 v.w_M_max); x_Gmax = (d1 v.w_G_max); x_Kn =
    (d1 v.w_K_norm); x_L1 = (F.coq_L1B (d_psi d0) w); x_L2 =
    (F.coq_L2B (d_psi d0) w); x_E = (z_E z0); x_kmax =
    (maxball (map (B.bsqrt w) k2)); x_koK = (nrmB w k2); x_nb = (d_nb d0);
    x_Q = (B.divk (d_p d0) (B.dotB w (map B.babs (st_beta s)) b2)); x_b4 =
    (B.divk (d_p d0) (nrmB w b2)); x_Nb = (nrmB w (st_beta s)); x_bbe =
    (B.dotB w (d_b d0) (st_beta s)); x_cmin = (d1 c.s_cos_min); x_cmax =
    (d1 c.s_cos_max) }

  (** val signs_ok : I.t -> data -> state -> B.ball nums -> bool **)

  let signs_ok w d0 s x =
    let r = f_R (ballops w) x in
    forallb (forallb (fun ok -> ok))
      (B.map2 (fun row a ->
        let k = B.mul w x.x_L1 (nrmB w row) in
        B.map2 (fun a_ri0 b_r ->
          B.posb
            (B.sub (B.babs a_ri0)
              (B.mul w (B.div w (B.mul w (B.babs b_r) k) x.x_rp) r))) a
          (d_b d0)) (d_K d0) (st_A s))

  (** val cos_min_ok : I.t -> B.ball nums -> double0 -> bool **)

  let cos_min_ok w x c =
    let o = ballops w in
    (||) (dle c minus_one)
      ((&&)
        ((&&) ((&&) (B.posb x.x_nb) (B.posb (B.sub x.x_Nb (f_rho o x))))
          (B.nonneg (f_c1 o x))) (B.nonneg (f_c2 o x)))

  (** val cos_max_ok : I.t -> B.ball nums -> double0 -> bool **)

  let cos_max_ok w x c =
    let o = ballops w in
    (||) (dle plus_one c)
      ((&&)
        ((&&) ((&&) (B.posb x.x_nb) (B.posb (B.sub x.x_Nb (f_rho o x))))
          (B.nonneg (f_c3 o x))) (B.nonneg (f_c4 o x)))

  (** val coq_K_ok : I.t -> data -> leg -> bool **)

  let coq_K_ok w d0 l =
    let kn0 = B.ofD w l.l_witness.w_K_norm in
    (&&) (B.nonneg kn0) (pd w (d_n d0) (diag (B.sub kn0) B.opp (d_K d0)))

  (** val close_leg : I.t -> B.ball nums -> leg -> bool -> outcome **)

  let close_leg w x l signs =
    let t0 = l.l_checkpoint in
    let c = l.l_statement in
    let o = ballops w in
    if negb (B.nonneg (f_A10 o x))
    then Open (A_10, t0)
    else if negb (B.nonneg (f_A11 o x))
         then Open (A_11, t0)
         else if negb signs
              then Open (Signs, t0)
              else if negb (B.nonneg (B.sub (B.ofD w c.s_error) x.x_E))
                   then Open (Leg_error, t0)
                   else if negb
                             (B.nonneg
                               (B.sub (B.ofD w c.s_beta_displacement)
                                 (f_rho o x)))
                        then Open (Leg_beta_displacement, t0)
                        else if negb
                                  (B.nonneg
                                    (B.sub (B.ofD w c.s_A_displacement)
                                      (f_Ad o x)))
                             then Open (Leg_A_displacement, t0)
                             else if negb (cos_min_ok w x c.s_cos_min)
                                  then Open (Cos_min, t0)
                                  else if negb (cos_max_ok w x c.s_cos_max)
                                       then Open (Cos_max, t0)
                                       else Proved

  (** val check_leg : I.t -> data -> state -> point -> leg -> outcome **)

  let check_leg w d0 s z0 l =
    let t0 = l.l_checkpoint in
    let x = numbers w d0 s z0 l in
    let m = mM w d0 s z0 in
    if negb (pd w (d_n d0) (diag (fun a -> B.sub a x.x_Mmin) (fun a -> a) m))
    then Open (M_min, t0)
    else if negb (pd w (d_n d0) (diag (B.sub x.x_Mmax) B.opp m))
         then Open (M_max, t0)
         else if negb
                   ((&&) (B.nonneg x.x_Gmax)
                     (pd w (d_n d0)
                       (diag (B.sub x.x_Gmax) B.opp (mG w d0 z0))))
              then Open (G_max, t0)
              else close_leg w x l
                     (if F.frozen_signs (d_psi d0)
                      then signs_ok w d0 s x
                      else true)

  (** val check_near :
      I.t -> data -> state -> point -> leg -> B.ball -> outcome **)

  let check_near w d0 s z0 l r =
    let t0 = l.l_checkpoint in
    let x = numbers w d0 s z0 l in
    let two0 = B.ofInt w B.c2 in
    let q = B.div w (B.mul w x.x_L1 r) x.x_rp in
    let sg = B.sub (B.bsqrt w x.x_Gmax) q in
    let ncb = nrmB w (B.map2 (B.mul w) (st_beta s) (d_b d0)) in
    let g_shift = B.add (B.mul w (B.mul w two0 sg) q) (B.mul w q q) in
    let h_shift =
      B.divk (d_p d0)
        (B.mul w
          (B.add (B.mul w (B.mul w (B.mul w x.x_L1 x.x_L1) x.x_Kn) x.x_nb)
            (B.mul w (B.mul w (B.mul w (B.mul w two0 x.x_Kn) x.x_L1) x.x_L2)
              ncb)) r)
    in
    let m_shift = B.add g_shift h_shift in
    let e_shift =
      B.add (B.mul w sg r)
        (B.div w (B.mul w (B.mul w x.x_L1 r) (B.add x.x_Nb r)) x.x_rp)
    in
    let lower = B.add x.x_Mmin m_shift in
    let upper = B.sub x.x_Mmax m_shift in
    let m = mM w d0 s z0 in
    if negb (pd w (d_n d0) (diag (fun a -> B.sub a lower) (fun a -> a) m))
    then Open (M_min, t0)
    else if negb (pd w (d_n d0) (diag (B.sub upper) B.opp m))
         then Open (M_max, t0)
         else if negb
                   ((&&) ((&&) (B.nonneg x.x_Gmax) (B.nonneg sg))
                     (pd w (d_n d0)
                       (diag (B.sub (B.mul w sg sg)) B.opp (mG w d0 z0))))
              then Open (G_max, t0)
              else close_leg w { x_rp = x.x_rp; x_et = x.x_et; x_al = x.x_al;
                     x_Mmin = x.x_Mmin; x_Mmax = x.x_Mmax; x_Gmax = x.x_Gmax;
                     x_Kn = x.x_Kn; x_L1 = x.x_L1; x_L2 = x.x_L2; x_E =
                     (widen e_shift x.x_E); x_kmax = x.x_kmax; x_koK =
                     x.x_koK; x_nb = x.x_nb; x_Q =
                     (B.add x.x_Q (B.mul w x.x_b4 r)); x_b4 = x.x_b4; x_Nb =
                     (widen r x.x_Nb); x_bbe =
                     (widen (B.mul w r x.x_nb) x.x_bbe); x_cmin = x.x_cmin;
                     x_cmax = x.x_cmax } l true

  (** val shapes_ok : I.t -> problem -> bool **)

  let shapes_ok w p0 =
    let n = length p0.p_y in
    let p1 = length p0.p_b in
    let d0 = length (nth 0 p0.p_X []) in
    (&&)
      ((&&)
        ((&&)
          ((&&)
            ((&&)
              ((&&) (Z.leb Big_int_Z.zero_big_int (I.to_Z w)) (Nat.ltb 0 n))
              (Nat.ltb 0 p1)) ((=) (length p0.p_X) n))
          ((=) (length p0.p_beta) p1))
        (forallb (fun row -> (=) (length row) d0) p0.p_X))
      (B.posb (B.bsqrt w (B.ofInt w (I.of_Z (Z.of_nat p1)))))

  (** val alpha_ok : I.t -> leg -> bool **)

  let alpha_ok w l =
    B.posb (B.ofD w l.l_statement.s_alpha)

  (** val check_checkpoint : I.t -> checkpoint_certificate -> outcome **)

  let check_checkpoint w c =
    let p0 = c.k_problem in
    let l = c.k_leg in
    let p1 = length p0.p_b in
    if negb
         ((&&)
           ((&&) ((&&) (shapes_ok w p0) ((=) (length c.k_A) (length p0.p_y)))
             (forallb (fun col -> (=) (length col) p1) c.k_A))
           ((=) l.l_checkpoint 0))
    then Open (Shapes, 0)
    else if negb (dpos p0.p_eta)
         then Open (Eta_positive, 0)
         else if negb (alpha_ok w l)
              then Open (Alpha_positive, 0)
              else if negb
                        (dle (Big_int_Z.zero_big_int, Big_int_Z.zero_big_int)
                          p0.p_radius)
                   then Open (Radius_nonnegative, 0)
                   else let d0 = data_of w p0 in
                        if negb (coq_K_ok w d0 l)
                        then Open (K_norm, 0)
                        else let rad = B.ofD w p0.p_radius in
                             if (&&) (dpos p0.p_radius)
                                  (negb (F.frozen_signs p0.p_psi))
                             then let s = { st_A =
                                    (map (map (B.ofD w)) c.k_A); st_beta =
                                    (map (B.ofD w) p0.p_beta) }
                                  in
                                  check_near w d0 s (point_at w d0 s) l rad
                             else let near =
                                    map (fun a -> widen rad (B.ofD w a))
                                  in
                                  let s = { st_A = (map near c.k_A);
                                    st_beta = (near p0.p_beta) }
                                  in
                                  check_leg w d0 s (point_at w d0 s) l
 end

module OrbitDefF =
 functor (I:INT) ->
 functor (B:sig
  type ball = I.t * I.t

  val c0 : I.t

  val c1 : I.t

  val c2 : I.t

  val b0 : ball

  val add : ball -> ball -> ball

  val sub : ball -> ball -> ball

  val opp : ball -> ball

  val rawmul : ball -> ball -> ball

  val norm : I.t -> ball -> ball

  val mul : I.t -> ball -> ball -> ball

  val divk : I.t -> ball -> ball

  val ofInt : I.t -> I.t -> ball

  val one : I.t -> ball

  val babs : ball -> ball

  val posb : ball -> bool

  val nonneg : ball -> bool

  val div : I.t -> ball -> ball -> ball

  val bsqrt : I.t -> ball -> ball

  val rawdot_to : ball -> ball list -> ball list -> ball

  val rawdot : ball list -> ball list -> ball

  val dotB : I.t -> ball list -> ball list -> ball

  val map2 : ('a1 -> 'a2 -> 'a3) -> 'a1 list -> 'a2 list -> 'a3 list

  val ofD : I.t -> double0 -> ball
 end) ->
 functor (F:sig
  module E :
   sig
    val c4 : I.t

    val c6 : I.t

    val halvings : I.t -> I.t

    val guard : I.t -> I.t

    val taylor : I.t -> I.t -> I.t -> int -> I.t -> I.t -> I.t -> I.t * I.t

    val squarings : I.t -> I.t -> int -> I.t -> I.t -> B.ball

    val expI : I.t -> I.t -> B.ball

    val expnB : I.t -> B.ball -> B.ball

    val tanhB : I.t -> B.ball -> B.ball
   end

  module S :
   sig
    val c3 : I.t

    val c16 : I.t

    val top : B.ball -> I.t

    val widen : B.ball -> I.t -> B.ball

    val spread : I.t -> I.t -> B.ball -> B.ball -> B.ball * B.ball

    val pi_loop : int -> I.t -> B.ball -> B.ball -> B.ball -> B.ball

    val piB : I.t -> B.ball

    val series : int -> I.t -> I.t -> I.t -> I.t -> I.t -> (I.t * I.t) option

    val gauss_at : I.t -> I.t -> I.t -> B.ball * B.ball

    val gaussB : I.t -> I.t -> I.t -> B.ball * B.ball

    val erf_scaleB : I.t -> B.ball

    val erfB : I.t -> B.ball -> B.ball * B.ball

    val gelu_scaleB : I.t -> B.ball

    val geluB : I.t -> B.ball -> B.ball * B.ball

    val log_loop : I.t -> B.ball -> int -> B.ball -> B.ball

    val log1pB : I.t -> B.ball -> B.ball

    val softplusB : I.t -> B.ball -> B.ball * B.ball
   end

  val dtanhB : I.t -> B.ball -> B.ball

  val sigmoidB : I.t -> B.ball -> B.ball

  val dsigmoidB : I.t -> B.ball -> B.ball

  val upto : I.t -> B.ball

  val reluB : I.t -> B.ball -> B.ball * B.ball

  val activate : activation -> I.t -> B.ball -> B.ball * B.ball

  val coq_L1B : activation -> I.t -> B.ball

  val coq_L2B : activation -> I.t -> B.ball

  val frozen_signs : activation -> bool
 end) ->
 functor (C:sig
  type mball = B.ball list list

  val mapi : (int -> 'a1 -> 'a2) -> int -> 'a1 list -> 'a2 list

  val diag : (B.ball -> B.ball) -> (B.ball -> B.ball) -> mball -> mball

  val outer : mball -> (B.ball list -> B.ball list -> B.ball) -> mball

  val maxball : B.ball list -> B.ball

  val widen : B.ball -> B.ball -> B.ball

  val pd : I.t -> int -> mball -> bool

  val nrmB : I.t -> B.ball list -> B.ball

  type data = { d_psi : activation; d_n : int; d_p : I.t; d_rp : B.ball;
                d_K : mball; d_y : B.ball list; d_b : B.ball list;
                d_nb : B.ball; d_eta : B.ball; d_h : B.ball }

  val d_psi : data -> activation

  val d_n : data -> int

  val d_p : data -> I.t

  val d_rp : data -> B.ball

  val d_K : data -> mball

  val d_y : data -> B.ball list

  val d_b : data -> B.ball list

  val d_nb : data -> B.ball

  val d_eta : data -> B.ball

  val d_h : data -> B.ball

  val data_of : I.t -> problem -> data

  type state = { st_A : mball; st_beta : B.ball list }

  val st_A : state -> mball

  val st_beta : state -> B.ball list

  type point = { z_U : mball; z_D : mball; z_e : B.ball list; z_E : B.ball }

  val z_U : point -> mball

  val z_D : point -> mball

  val z_e : point -> B.ball list

  val z_E : point -> B.ball

  val point_at : I.t -> data -> state -> point

  val mG : I.t -> data -> point -> mball

  val mS : I.t -> data -> B.ball list -> mball -> mball

  val mM : I.t -> data -> state -> point -> mball

  val ballops : I.t -> B.ball ops

  val numbers : I.t -> data -> state -> point -> leg -> B.ball nums

  val signs_ok : I.t -> data -> state -> B.ball nums -> bool

  val cos_min_ok : I.t -> B.ball nums -> double0 -> bool

  val cos_max_ok : I.t -> B.ball nums -> double0 -> bool

  val coq_K_ok : I.t -> data -> leg -> bool

  val close_leg : I.t -> B.ball nums -> leg -> bool -> outcome

  val check_leg : I.t -> data -> state -> point -> leg -> outcome

  val check_near : I.t -> data -> state -> point -> leg -> B.ball -> outcome

  val shapes_ok : I.t -> problem -> bool

  val alpha_ok : I.t -> leg -> bool

  val check_checkpoint : I.t -> checkpoint_certificate -> outcome
 end) ->
 struct
  (** val axpy :
      I.t -> B.ball -> B.ball list -> B.ball list -> B.ball list **)

  let axpy w a l acc =
    B.map2 (fun x y -> B.add (B.mul w a x) y) l acc

  (** val comb :
      I.t -> B.ball list -> C.mball -> B.ball list -> B.ball list **)

  let rec comb w cs ls zero =
    match cs with
    | [] -> zero
    | c :: ct ->
      (match ls with
       | [] -> zero
       | l :: lt -> axpy w c l (comb w ct lt zero))

  (** val keep : I.t -> C.data -> double0 -> B.ball list -> B.ball list **)

  let keep w d0 lambda beta =
    if Z.eqb (fst lambda) Big_int_Z.zero_big_int
    then beta
    else let m = B.sub (B.one w) (B.mul w (C.d_eta d0) (B.ofD w lambda)) in
         map (B.mul w m) beta

  (** val step : I.t -> C.data -> double0 -> C.state -> C.point -> C.state **)

  let step w d0 lambda s z0 =
    let zero = map (fun _ -> B.b0) (C.d_b d0) in
    let hb = map (B.mul w (C.d_h d0)) (C.d_b d0) in
    { C.st_A =
    (B.map2 (fun ki a ->
      B.map2 B.sub a
        (B.map2 (B.mul w) hb
          (comb w (B.map2 (B.mul w) ki (C.z_e z0)) (C.z_D z0) zero)))
      (C.d_K d0) (C.st_A s)); C.st_beta =
    (B.map2 B.sub (keep w d0 lambda (C.st_beta s))
      (map (B.mul w (C.d_h d0)) (comb w (C.z_e z0) (C.z_U z0) zero))) }

  (** val walk :
      I.t -> C.data -> (int -> B.ball option -> C.state -> C.point ->
      outcome) -> (C.state -> C.point -> outcome) -> double0 list -> int ->
      B.ball option -> C.state -> outcome **)

  let rec walk w d0 look last lambdas t0 before s =
    let z0 = C.point_at w d0 s in
    (match look t0 before s z0 with
     | Proved ->
       (match lambdas with
        | [] -> last s z0
        | l :: rest ->
          walk w d0 look last rest (Stdlib.Int.succ t0) (Some (C.z_E z0))
            (step w d0 l s z0))
     | Open (c, u) -> Open (c, u))

  (** val beta_moved : I.t -> C.state -> C.state -> B.ball **)

  let beta_moved w start s =
    C.nrmB w (B.map2 B.sub (C.st_beta s) (C.st_beta start))

  (** val coq_A_moved : I.t -> C.state -> C.state -> B.ball **)

  let coq_A_moved w start s =
    B.bsqrt w
      (B.norm w
        (fold_right (fun c acc -> B.add (B.rawdot c c) acc) B.b0
          (B.map2 (B.map2 B.sub) (C.st_A s) (C.st_A start))))

  (** val coq_T2_slack : I.t -> C.data -> double0 -> C.state -> B.ball **)

  let coq_T2_slack w d0 kappa s =
    B.sub
      (B.mul w (B.ofD w kappa) (B.mul w (C.d_nb d0) (C.nrmB w (C.st_beta s))))
      (B.mul w (C.d_rp d0) (B.babs (B.dotB w (C.d_b d0) (C.st_beta s))))

  (** val look_run :
      I.t -> C.data -> whole_run -> C.state -> int -> B.ball option ->
      C.state -> C.point -> outcome **)

  let look_run w d0 r start t0 before s z0 =
    let row =
      nth t0 r.r_errors ((Big_int_Z.zero_big_int, Big_int_Z.zero_big_int),
        (Big_int_Z.zero_big_int, Big_int_Z.zero_big_int))
    in
    if negb (B.nonneg (B.sub (B.ofD w (snd row)) (C.z_E z0)))
    then Open (Error_above, t0)
    else if negb (B.nonneg (B.sub (C.z_E z0) (B.ofD w (fst row))))
         then Open (Error_below, t0)
         else if negb
                   (B.nonneg
                     (B.sub (B.ofD w r.r_beta_displacement)
                       (beta_moved w start s)))
              then Open (Run_beta_displacement, t0)
              else if negb
                        (B.nonneg
                          (B.sub (B.ofD w r.r_A_displacement)
                            (coq_A_moved w start s)))
                   then Open (Run_A_displacement, t0)
                   else if negb
                             (match r.r_T1 with
                              | Some g ->
                                (match before with
                                 | Some e ->
                                   B.nonneg
                                     (B.sub
                                       (B.mul w
                                         (B.sub (B.one w)
                                           (B.divk
                                             (I.of_Z
                                               (Big_int_Z.mult_int_big_int 2
                                               (Big_int_Z.mult_int_big_int 2
                                               Big_int_Z.unit_big_int)))
                                             (B.mul w (C.d_eta d0)
                                               (B.ofD w g)))) e) (C.z_E z0))
                                 | None -> true)
                              | None -> true)
                        then Open (Decay, t0)
                        else (match r.r_T2 with
                              | Some kappa ->
                                if negb (B.posb (C.nrmB w (C.st_beta s)))
                                then Open (Beta_nonzero, t0)
                                else if negb
                                          (B.nonneg
                                            (coq_T2_slack w d0 kappa s))
                                     then Open (Cosine, t0)
                                     else Proved
                              | None -> Proved)

  (** val later : I.t -> whole_run -> leg -> C.state -> C.state -> outcome **)

  let later w r l start s =
    let t0 = l.l_checkpoint in
    let c = l.l_statement in
    if negb
         (B.nonneg
           (B.sub (B.ofD w r.r_beta_displacement)
             (B.add (beta_moved w start s) (B.ofD w c.s_beta_displacement))))
    then Open (Later_beta_displacement, t0)
    else if negb
              (B.nonneg
                (B.sub (B.ofD w r.r_A_displacement)
                  (B.add (coq_A_moved w start s) (B.ofD w c.s_A_displacement))))
         then Open (Later_A_displacement, t0)
         else Proved

  (** val look_twin :
      I.t -> C.data -> leg -> int -> B.ball option -> C.state -> C.point ->
      outcome **)

  let look_twin w d0 l t0 _ s _ =
    let nbeta = C.nrmB w (C.st_beta s) in
    if negb (B.posb nbeta)
    then Open (Beta_nonzero, t0)
    else if negb
              (B.nonneg
                (B.sub
                  (B.mul w (B.ofD w l.l_statement.s_cos_max)
                    (B.mul w (C.d_nb d0) nbeta))
                  (B.dotB w (C.d_b d0) (C.st_beta s))))
         then Open (Cosine, t0)
         else Proved

  (** val check_twin : I.t -> C.data -> leg -> C.state -> outcome **)

  let check_twin w d0 l start =
    if negb (C.alpha_ok w l)
    then Open (Alpha_positive, 0)
    else if negb (C.coq_K_ok w d0 l)
         then Open (K_norm, 0)
         else walk w d0 (look_twin w d0 l) (fun s z0 ->
                C.check_leg w d0 s z0 l)
                (repeat (Big_int_Z.zero_big_int, Big_int_Z.zero_big_int)
                  l.l_checkpoint) 0 None start

  (** val numbers_ok : I.t -> C.data -> leg -> whole_run -> outcome **)

  let numbers_ok w d0 l r =
    let c = l.l_statement in
    if negb
         (match r.r_T1 with
          | Some g ->
            dle g ((fst c.s_alpha),
              (Z.add (snd c.s_alpha) (Big_int_Z.mult_int_big_int 2
                Big_int_Z.unit_big_int)))
          | None -> true)
    then Open (T1_alpha, 0)
    else if negb
              (match r.r_T2 with
               | Some _ -> B.posb (C.d_nb d0)
               | None ->
                 (match r.r_T3 with
                  | Some _ -> B.posb (C.d_nb d0)
                  | None -> true))
         then Open (B_nonzero, 0)
         else if negb
                   (match r.r_T2 with
                    | Some k -> B.posb (B.sub (C.d_rp d0) (B.ofD w k))
                    | None -> true)
              then Open (T2_kappa, 0)
              else if negb
                        (match r.r_T2 with
                         | Some k ->
                           (&&)
                             (B.nonneg
                               (B.sub (B.ofD w k)
                                 (B.mul w (C.d_rp d0)
                                   (B.babs (B.ofD w c.s_cos_min)))))
                             (B.nonneg
                               (B.sub (B.ofD w k)
                                 (B.mul w (C.d_rp d0)
                                   (B.babs (B.ofD w c.s_cos_max)))))
                         | None -> true)
                   then Open (T2_cosine, 0)
                   else (match r.r_T3 with
                         | Some p0 ->
                           let (margin, twin) = p0 in
                           if negb (dpos margin)
                           then Open (T3_margin, 0)
                           else if negb
                                     (dlt
                                       (dsum twin.l_statement.s_cos_max
                                         margin) c.s_cos_min)
                                then Open (T3_cosine, 0)
                                else Proved
                         | None -> Proved)

  (** val check_run : I.t -> initial_certificate -> outcome **)

  let check_run w c =
    let p0 = c.i_problem in
    let l = c.i_leg in
    let r = c.i_run in
    let t0 = l.l_checkpoint in
    let dim = length (nth 0 p0.p_X []) in
    if negb
         ((&&)
           ((&&)
             ((&&)
               ((&&) (C.shapes_ok w p0) ((=) (length c.i_W) (length p0.p_b)))
               (forallb (fun row -> (=) (length row) dim) c.i_W))
             ((=) (length c.i_lambda) t0))
           ((=) (length r.r_errors) (Stdlib.Int.succ t0)))
    then Open (Shapes, 0)
    else if negb (dpos p0.p_eta)
         then Open (Eta_positive, 0)
         else if negb (C.alpha_ok w l)
              then Open (Alpha_positive, 0)
              else if negb
                        (dle (Big_int_Z.zero_big_int, Big_int_Z.zero_big_int)
                          p0.p_radius)
                   then Open (Radius_nonnegative, 0)
                   else let d0 = C.data_of w p0 in
                        (match numbers_ok w d0 l r with
                         | Proved ->
                           if negb (C.coq_K_ok w d0 l)
                           then Open (K_norm, 0)
                           else let d1 = map (B.ofD w) in
                                let rad = B.ofD w p0.p_radius in
                                let w0 = map d1 c.i_W in
                                let start = { C.st_A =
                                  (map (fun x ->
                                    let r_i = B.mul w rad (C.nrmB w x) in
                                    map (fun wr ->
                                      C.widen r_i (B.dotB w wr x)) w0)
                                    (map d1 p0.p_X)); C.st_beta =
                                  (map (C.widen rad) (d1 p0.p_beta)) }
                                in
                                (match walk w d0 (look_run w d0 r start)
                                         (fun s z0 ->
                                         match C.check_leg w d0 s z0 l with
                                         | Proved -> later w r l start s
                                         | Open (c5, u) -> Open (c5, u))
                                         c.i_lambda 0 None start with
                                 | Proved ->
                                   (match r.r_T3 with
                                    | Some p1 ->
                                      let (_, twin) = p1 in
                                      (match check_twin w d0 twin start with
                                       | Proved -> Proved
                                       | Open (c5, u) -> Open ((Twin c5), u))
                                    | None -> Proved)
                                 | Open (c5, u) -> Open (c5, u))
                         | Open (c5, u) -> Open (c5, u))
 end

module BZ = BallDefF(ZInt)

module FZ = ActDefF(ZInt)(BZ)

module CZ = CheckDefF(ZInt)(BZ)(FZ)

module OZ = OrbitDefF(ZInt)(BZ)(FZ)(CZ)

(** val check_checkpointZ :
    Big_int_Z.big_int -> checkpoint_certificate -> outcome **)

let check_checkpointZ =
  CZ.check_checkpoint

(** val check_runZ : Big_int_Z.big_int -> initial_certificate -> outcome **)

let check_runZ =
  OZ.check_run

type expr =
| Var of int
| Const of Big_int_Z.big_int
| Add of expr * expr
| Sub of expr * expr
| Mul of expr * expr
| Div of expr * expr

(** val rp : expr **)

let rp =
  Var 0

(** val p : expr **)

let p =
  Var (Stdlib.Int.succ 0)

(** val eta : expr **)

let eta =
  Var (Stdlib.Int.succ (Stdlib.Int.succ 0))

(** val alpha : expr **)

let alpha =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ 0)))

(** val m0 : expr **)

let m0 =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    0))))

(** val gmax : expr **)

let gmax =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ 0)))))

(** val gs : expr **)

let gs =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ 0))))))

(** val kn : expr **)

let kn =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ 0)))))))

(** val l1 : expr **)

let l1 =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    0))))))))

(** val l2 : expr **)

let l2 =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ 0)))))))))

(** val kmax : expr **)

let kmax =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ 0))))))))))

(** val koK : expr **)

let koK =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ 0)))))))))))

(** val c_norm : expr **)

let c_norm =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    0))))))))))))

(** val fourth : expr **)

let fourth =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ 0)))))))))))))

(** val root4 : expr **)

let root4 =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ 0))))))))))))))

(** val third : expr **)

let third =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ 0)))))))))))))))

(** val mixed : expr **)

let mixed =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    0))))))))))))))))

(** val cmax : expr **)

let cmax =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ 0)))))))))))))))))

(** val error0 : expr **)

let error0 =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ 0))))))))))))))))))

(** val beta_norm : expr **)

let beta_norm =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ 0)))))))))))))))))))

(** val d : expr **)

let d =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    0))))))))))))))))))))

(** val b_beta : expr **)

let b_beta =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ 0)))))))))))))))))))))

(** val b_norm : expr **)

let b_norm =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ 0))))))))))))))))))))))

(** val cos_min : expr **)

let cos_min =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    0)))))))))))))))))))))))

(** val cos_max : expr **)

let cos_max =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    0))))))))))))))))))))))))

(** val mmax : expr **)

let mmax =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ 0)))))))))))))))))))))))))

(** val one0 : expr **)

let one0 =
  Const Big_int_Z.unit_big_int

(** val two : expr **)

let two =
  Const (Big_int_Z.mult_int_big_int 2 Big_int_Z.unit_big_int)

(** val three : expr **)

let three =
  Const ((fun x -> Big_int_Z.succ_big_int (Big_int_Z.mult_int_big_int 2 x))
    Big_int_Z.unit_big_int)

(** val f_q0 : expr **)

let f_q0 =
  Div ((Mul (l1, d)), rp)

(** val f_gG : expr **)

let f_gG =
  Add ((Mul ((Mul (two, gs)), f_q0)), (Mul (f_q0, f_q0)))

(** val f_s0_0 : expr **)

let f_s0_0 =
  Div (c_norm, rp)

(** val f_J0 : bool -> expr **)

let f_J0 = function
| true ->
  Mul ((Mul ((Mul (l1, l1)), kn)), (Add ((Div ((Mul ((Mul (two, f_s0_0)),
    d)), rp)), (Div ((Mul (d, d)), p)))))
| false -> Div ((Mul ((Mul ((Mul ((Mul (l1, l1)), kn)), f_s0_0)), d)), rp)

(** val f_gH : bool -> expr **)

let f_gH bp =
  Add ((f_J0 bp), (Div ((Mul ((Mul ((Mul ((Mul ((Mul (two, l1)), l2)), kn)),
    (Div (mixed, rp)))), d)), rp)))

(** val f_m0 : bool -> expr **)

let f_m0 bp =
  Add (m0, (Add (f_gG, (f_gH bp))))

(** val f_E : expr **)

let f_E =
  Add (error0, (Add ((Mul ((Add (gs, f_q0)), d)), (Mul (f_q0, beta_norm)))))

(** val f_R0 : expr **)

let f_R0 =
  Div (f_E, alpha)

(** val f_s1 : bool -> expr **)

let f_s1 = function
| true -> Add (f_s0_0, (Div (d, rp)))
| false -> f_s0_0

(** val f_B4 : bool -> expr **)

let f_B4 bp =
  Div ((if bp then Mul ((Add (root4, d)), (Add (root4, d))) else fourth), p)

(** val f_Q : bool -> expr **)

let f_Q = function
| true ->
  Add ((Add ((Div (third, p)), (Mul ((Mul (three, (Div (fourth, p)))), d)))),
    (Div ((Mul ((Add ((Mul (three, cmax)), d)), (Mul (d, d)))), p)))
| false -> Add ((Div (third, p)), (Mul ((Div (fourth, p)), d)))

(** val f_cmax : bool -> expr **)

let f_cmax = function
| true -> Add (cmax, d)
| false -> cmax

(** val f_h0 : expr **)

let f_h0 =
  Div ((Mul ((Mul ((Mul ((Mul ((Mul (two, l1)), l1)), l2)), kmax)), kn)), rp)

(** val f_v2 : expr **)

let f_v2 =
  Div ((Mul ((Mul ((Mul (l1, l1)), l2)), koK)), (Mul (two, rp)))

(** val a_kap : bool -> expr **)

let a_kap bp =
  Div ((Mul ((Mul ((Mul (l1, l1)), (f_s1 bp))), kn)), rp)

(** val a_q : bool -> expr **)

let a_q bp =
  Mul ((a_kap bp), f_R0)

(** val a_rho : bool -> expr **)

let a_rho bp =
  Mul (f_R0, (Add (gs, (Mul (one0, (a_q bp))))))

(** val a_dG : bool -> expr **)

let a_dG bp =
  Add ((Mul ((Mul (two, gs)), (a_q bp))), (Mul ((a_q bp), (a_q bp))))

(** val a_dH : bool -> expr **)

let a_dH bp =
  Add ((Div ((Mul ((Mul ((Mul ((Mul (l1, l1)), kn)), (f_s1 bp))),
    (a_rho bp))), rp)), (Mul (f_h0, (Mul ((f_Q bp), f_R0)))))

(** val a_Cv : bool -> expr **)

let a_Cv bp =
  Add ((Mul ((a_kap bp), (Add (gs, (a_q bp))))), (Mul (f_v2, (Add ((f_Q bp),
    (Mul ((f_B4 bp), (a_rho bp))))))))

(** val b_x : expr **)

let b_x =
  Div ((Mul ((Mul ((Mul (l1, l1)), kn)), f_R0)), rp)

(** val b_rho : bool -> expr **)

let b_rho bp =
  Div ((Mul (f_R0, (Add (gs, (Mul (b_x, (f_s1 bp))))))), (Sub (one0, (Div
    ((Mul (b_x, f_R0)), rp)))))

(** val b_sbar : bool -> expr **)

let b_sbar bp =
  Add ((f_s1 bp), (Div ((b_rho bp), rp)))

(** val b_q : bool -> expr **)

let b_q bp =
  Mul (b_x, (b_sbar bp))

(** val b_dG : bool -> expr **)

let b_dG bp =
  Add ((Mul ((Mul (two, gs)), (b_q bp))), (Mul ((b_q bp), (b_q bp))))

(** val b_dH : bool -> expr **)

let b_dH bp =
  Add ((Mul ((Mul ((Mul (l1, l1)), kn)), (Add ((Div ((Mul ((Mul (two,
    (f_s1 bp))), (b_rho bp))), rp)), (Div ((Mul ((b_rho bp), (b_rho bp))),
    p)))))), (Mul (f_h0, (Mul (f_R0, (Add ((f_Q bp), (Mul ((f_B4 bp),
    (b_rho bp))))))))))

(** val b_Qbar : bool -> expr **)

let b_Qbar bp =
  Add ((Add ((f_Q bp), (Mul ((Mul (three, (f_B4 bp))), (b_rho bp))))), (Div
    ((Mul ((Add ((Mul (three, (f_cmax bp))), (b_rho bp))), (Mul ((b_rho bp),
    (b_rho bp))))), p)))

(** val b_Cv : bool -> expr **)

let b_Cv bp =
  Add ((Mul ((Div ((Mul ((Mul ((Mul (l1, l1)), (b_sbar bp))), kn)), rp)),
    (Add (gs, (b_q bp))))), (Mul (f_v2, (b_Qbar bp))))

(** val f_D0 : bool -> expr **)

let f_D0 bp = match bp with
| true -> Add ((b_dG bp), (b_dH bp))
| false -> Add ((a_dG bp), (a_dH bp))

(** val f_Cv0 : bool -> expr **)

let f_Cv0 bp = match bp with
| true -> b_Cv bp
| false -> a_Cv bp

(** val f_rho0 : bool -> expr **)

let f_rho0 bp = match bp with
| true -> b_rho bp
| false -> a_rho bp

(** val f_A : bool -> expr **)

let f_A bp = match bp with
| true -> Mul ((Mul ((Mul (l1, kn)), (b_sbar bp))), f_R0)
| false -> Mul ((Mul ((Mul (l1, (f_s1 bp))), kn)), f_R0)

(** val f_step : bool -> expr **)

let f_step bp =
  Sub (one0, (Mul (eta, (f_m0 bp))))

(** val f_share : expr **)

let f_share =
  Sub (p, (Mul ((Mul ((Mul (l1, l1)), kn)), (Mul (f_R0, f_R0)))))

(** val f_A36 : bool -> expr **)

let f_A36 bp =
  Sub ((Sub ((Sub (m0, (f_D0 bp))), (Mul ((Mul (eta, (f_Cv0 bp))), f_E)))),
    alpha)

(** val f_w : bool -> expr **)

let f_w bp =
  Add ((f_rho0 bp), d)

(** val f_inside : bool -> expr **)

let f_inside bp =
  Sub (beta_norm, (f_w bp))

(** val f_c0 : bool -> expr **)

let f_c0 bp =
  Sub ((Sub (b_beta, (Mul ((f_w bp), b_norm)))), (Mul (cos_min, (Mul ((Sub
    (beta_norm, (f_w bp))), b_norm)))))

(** val f_c5 : bool -> expr **)

let f_c5 bp =
  Sub ((Sub (b_beta, (Mul ((f_w bp), b_norm)))), (Mul (cos_min, (Mul ((Add
    (beta_norm, (f_w bp))), b_norm)))))

(** val f_c6 : bool -> expr **)

let f_c6 bp =
  Sub ((Mul (cos_max, (Mul ((Sub (beta_norm, (f_w bp))), b_norm)))), (Add
    (b_beta, (Mul ((f_w bp), b_norm)))))

(** val f_c7 : bool -> expr **)

let f_c7 bp =
  Sub ((Mul (cos_max, (Mul ((Add (beta_norm, (f_w bp))), b_norm)))), (Add
    (b_beta, (Mul ((f_w bp), b_norm)))))

(** val brow : expr **)

let brow =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ 0))))))))))))))))))))))))))

(** val psirow : expr **)

let psirow =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    0)))))))))))))))))))))))))))

(** val crow : expr **)

let crow =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    0))))))))))))))))))))))))))))

(** val krow : expr **)

let krow =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ 0)))))))))))))))))))))))))))))

(** val a_ri : expr **)

let a_ri =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ 0))))))))))))))))))))))))))))))

(** val r_0 : expr **)

let r_0 =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    0)))))))))))))))))))))))))))))))

(** val x_0 : expr **)

let x_0 =
  Var (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
    0))))))))))))))))))))))))))))))))

(** val f_pull : bool -> expr **)

let f_pull = function
| true ->
  Add ((Add (brow, d)), (Div ((Mul ((Div (r_0, rp)), (Add ((Add (psirow, (Mul
    (l1, d)))), (Mul (x_0, (Add (brow, d)))))))), (Sub (one0, (Div ((Mul
    (x_0, r_0)), rp)))))))
| false -> crow

(** val f_margin : bool -> expr **)

let f_margin bp =
  Sub ((Sub (a_ri, d)), (Mul ((f_pull bp), (Mul ((Div (krow, rp)), r_0)))))

(** val f_rate : bool -> expr **)

let f_rate bp =
  Sub ((Mul (two, (f_m0 bp))), (Mul (eta, (Mul ((f_m0 bp), (f_m0 bp))))))

(** val f_G : expr **)

let f_G =
  Sub (gmax, f_gG)

(** val f_Mmax : bool -> expr **)

let f_Mmax bp =
  Sub (mmax, (Add (f_gG, (f_gH bp))))

module VariantDefF =
 functor (I:INT) ->
 functor (B:sig
  type ball = I.t * I.t

  val c0 : I.t

  val c1 : I.t

  val c2 : I.t

  val b0 : ball

  val add : ball -> ball -> ball

  val sub : ball -> ball -> ball

  val opp : ball -> ball

  val rawmul : ball -> ball -> ball

  val norm : I.t -> ball -> ball

  val mul : I.t -> ball -> ball -> ball

  val divk : I.t -> ball -> ball

  val ofInt : I.t -> I.t -> ball

  val one : I.t -> ball

  val babs : ball -> ball

  val posb : ball -> bool

  val nonneg : ball -> bool

  val div : I.t -> ball -> ball -> ball

  val bsqrt : I.t -> ball -> ball

  val rawdot_to : ball -> ball list -> ball list -> ball

  val rawdot : ball list -> ball list -> ball

  val dotB : I.t -> ball list -> ball list -> ball

  val map2 : ('a1 -> 'a2 -> 'a3) -> 'a1 list -> 'a2 list -> 'a3 list

  val ofD : I.t -> double0 -> ball
 end) ->
 functor (F:sig
  module E :
   sig
    val c4 : I.t

    val c6 : I.t

    val halvings : I.t -> I.t

    val guard : I.t -> I.t

    val taylor : I.t -> I.t -> I.t -> int -> I.t -> I.t -> I.t -> I.t * I.t

    val squarings : I.t -> I.t -> int -> I.t -> I.t -> B.ball

    val expI : I.t -> I.t -> B.ball

    val expnB : I.t -> B.ball -> B.ball

    val tanhB : I.t -> B.ball -> B.ball
   end

  module S :
   sig
    val c3 : I.t

    val c16 : I.t

    val top : B.ball -> I.t

    val widen : B.ball -> I.t -> B.ball

    val spread : I.t -> I.t -> B.ball -> B.ball -> B.ball * B.ball

    val pi_loop : int -> I.t -> B.ball -> B.ball -> B.ball -> B.ball

    val piB : I.t -> B.ball

    val series : int -> I.t -> I.t -> I.t -> I.t -> I.t -> (I.t * I.t) option

    val gauss_at : I.t -> I.t -> I.t -> B.ball * B.ball

    val gaussB : I.t -> I.t -> I.t -> B.ball * B.ball

    val erf_scaleB : I.t -> B.ball

    val erfB : I.t -> B.ball -> B.ball * B.ball

    val gelu_scaleB : I.t -> B.ball

    val geluB : I.t -> B.ball -> B.ball * B.ball

    val log_loop : I.t -> B.ball -> int -> B.ball -> B.ball

    val log1pB : I.t -> B.ball -> B.ball

    val softplusB : I.t -> B.ball -> B.ball * B.ball
   end

  val dtanhB : I.t -> B.ball -> B.ball

  val sigmoidB : I.t -> B.ball -> B.ball

  val dsigmoidB : I.t -> B.ball -> B.ball

  val upto : I.t -> B.ball

  val reluB : I.t -> B.ball -> B.ball * B.ball

  val activate : activation -> I.t -> B.ball -> B.ball * B.ball

  val coq_L1B : activation -> I.t -> B.ball

  val coq_L2B : activation -> I.t -> B.ball

  val frozen_signs : activation -> bool
 end) ->
 functor (C:sig
  type mball = B.ball list list

  val mapi : (int -> 'a1 -> 'a2) -> int -> 'a1 list -> 'a2 list

  val diag : (B.ball -> B.ball) -> (B.ball -> B.ball) -> mball -> mball

  val outer : mball -> (B.ball list -> B.ball list -> B.ball) -> mball

  val maxball : B.ball list -> B.ball

  val widen : B.ball -> B.ball -> B.ball

  val pd : I.t -> int -> mball -> bool

  val nrmB : I.t -> B.ball list -> B.ball

  type data = { d_psi : activation; d_n : int; d_p : I.t; d_rp : B.ball;
                d_K : mball; d_y : B.ball list; d_b : B.ball list;
                d_nb : B.ball; d_eta : B.ball; d_h : B.ball }

  val d_psi : data -> activation

  val d_n : data -> int

  val d_p : data -> I.t

  val d_rp : data -> B.ball

  val d_K : data -> mball

  val d_y : data -> B.ball list

  val d_b : data -> B.ball list

  val d_nb : data -> B.ball

  val d_eta : data -> B.ball

  val d_h : data -> B.ball

  val data_of : I.t -> problem -> data

  type state = { st_A : mball; st_beta : B.ball list }

  val st_A : state -> mball

  val st_beta : state -> B.ball list

  type point = { z_U : mball; z_D : mball; z_e : B.ball list; z_E : B.ball }

  val z_U : point -> mball

  val z_D : point -> mball

  val z_e : point -> B.ball list

  val z_E : point -> B.ball

  val point_at : I.t -> data -> state -> point

  val mG : I.t -> data -> point -> mball

  val mS : I.t -> data -> B.ball list -> mball -> mball

  val mM : I.t -> data -> state -> point -> mball

  val ballops : I.t -> B.ball ops

  val numbers : I.t -> data -> state -> point -> leg -> B.ball nums

  val signs_ok : I.t -> data -> state -> B.ball nums -> bool

  val cos_min_ok : I.t -> B.ball nums -> double0 -> bool

  val cos_max_ok : I.t -> B.ball nums -> double0 -> bool

  val coq_K_ok : I.t -> data -> leg -> bool

  val close_leg : I.t -> B.ball nums -> leg -> bool -> outcome

  val check_leg : I.t -> data -> state -> point -> leg -> outcome

  val check_near : I.t -> data -> state -> point -> leg -> B.ball -> outcome

  val shapes_ok : I.t -> problem -> bool

  val alpha_ok : I.t -> leg -> bool

  val check_checkpoint : I.t -> checkpoint_certificate -> outcome
 end) ->
 struct
  (** val tab : int -> (int -> 'a1) -> 'a1 list **)

  let tab n f =
    map f (seq 0 n)

  (** val eval : I.t -> (int -> B.ball) -> expr -> B.ball * bool **)

  let rec eval w v = function
  | Var i -> ((v i), true)
  | Const k -> ((B.ofInt w (I.of_Z k)), true)
  | Add (a, b) ->
    let (x, f) = eval w v a in
    let (y, g) = eval w v b in ((B.add x y), ((&&) f g))
  | Sub (a, b) ->
    let (x, f) = eval w v a in
    let (y, g) = eval w v b in ((B.sub x y), ((&&) f g))
  | Mul (a, b) ->
    let (x, f) = eval w v a in
    let (y, g) = eval w v b in ((B.mul w x y), ((&&) f g))
  | Div (a, b) ->
    let (x, f) = eval w v a in
    let (y, g) = eval w v b in ((B.div w x y), ((&&) ((&&) f g) (B.posb y)))

  (** val at_least_0 : I.t -> (int -> B.ball) -> expr -> bool **)

  let at_least_0 w v e =
    let (x, f) = eval w v e in (&&) f (B.nonneg x)

  (** val above_0 : I.t -> (int -> B.ball) -> expr -> bool **)

  let above_0 w v e =
    let (x, f) = eval w v e in (&&) f (B.posb x)

  (** val covers : I.t -> (int -> B.ball) -> B.ball -> expr -> bool **)

  let covers w v x e =
    let (y, f) = eval w v e in (&&) f (B.nonneg (B.sub x y))

  (** val columns : int -> C.mball -> C.mball **)

  let columns k l =
    tab k (fun o -> map (fun row -> nth o row B.b0) l)

  (** val frobB : I.t -> C.mball -> B.ball **)

  let frobB w l =
    C.nrmB w (map (C.nrmB w) l)

  type centreB = { u_n : int; u_k : int; u_p : I.t; u_rp : B.ball;
                   u_K : C.mball; u_U : C.mball; u_D : C.mball;
                   u_beta : C.mball; u_c : C.mball; u_e : C.mball;
                   u_G : C.mball }

  (** val u_n : centreB -> int **)

  let u_n c =
    c.u_n

  (** val u_k : centreB -> int **)

  let u_k c =
    c.u_k

  (** val u_p : centreB -> I.t **)

  let u_p c =
    c.u_p

  (** val u_rp : centreB -> B.ball **)

  let u_rp c =
    c.u_rp

  (** val u_K : centreB -> C.mball **)

  let u_K c =
    c.u_K

  (** val u_U : centreB -> C.mball **)

  let u_U c =
    c.u_U

  (** val u_D : centreB -> C.mball **)

  let u_D c =
    c.u_D

  (** val u_beta : centreB -> C.mball **)

  let u_beta c =
    c.u_beta

  (** val u_c : centreB -> C.mball **)

  let u_c c =
    c.u_c

  (** val u_e : centreB -> C.mball **)

  let u_e c =
    c.u_e

  (** val u_G : centreB -> C.mball **)

  let u_G c =
    c.u_G

  (** val centre_of : I.t -> variant_certificate -> centreB **)

  let centre_of w c =
    let d0 = map (map (B.ofD w)) in
    let n = length c.v_y in
    let k = length (nth 0 c.v_y []) in
    let pz = I.of_Z (Z.of_nat (length c.v_b)) in
    let rpB = B.bsqrt w (B.ofInt w pz) in
    let v = map (map (F.activate c.v_psi w)) (d0 c.v_A) in
    let u = map (map fst) v in
    let beta = d0 c.v_beta in
    let betaT = columns k beta in
    let e =
      tab n (fun i ->
        tab k (fun o ->
          B.sub (B.div w (B.dotB w (nth i u []) (nth o betaT [])) rpB)
            (B.ofD w
              (nth o (nth i c.v_y []) (Big_int_Z.zero_big_int,
                Big_int_Z.zero_big_int)))))
    in
    { u_n = n; u_k = k; u_p = pz; u_rp = rpB; u_K =
    (C.outer (d0 c.v_X) (B.dotB w)); u_U = u; u_D = (map (map snd) v);
    u_beta = beta; u_c = (if c.v_backpropagation then beta else d0 c.v_b);
    u_e = e; u_G = (C.outer u (fun x y -> B.divk pz (B.dotB w x y))) }

  (** val coq_M_of : I.t -> centreB -> C.mball **)

  let coq_M_of w u =
    let k = u_k u in
    let nk = mul (u_n u) k in
    let scaled = fun l ->
      let t0 = columns k l in
      tab nk (fun a ->
        B.map2 (B.mul w) (nth (Nat.div a k) (u_D u) [])
          (nth (Nat.modulo a k) t0 []))
    in
    let sB = scaled (u_beta u) in
    let sC = scaled (u_c u) in
    tab nk (fun a ->
      tab nk (fun a' ->
        let h =
          B.mul w
            (B.divk (u_p u)
              (nth (Nat.div a' k) (nth (Nat.div a k) (u_K u) []) B.b0))
            (B.dotB w (nth a sB []) (nth a' sC []))
        in
        B.add
          (if (=) (Nat.modulo a k) (Nat.modulo a' k)
           then nth (Nat.div a' k) (nth (Nat.div a k) (u_G u) []) B.b0
           else B.b0) h))

  (** val gram_of : I.t -> int -> C.mball -> C.mball **)

  let gram_of w n m =
    let t0 = columns n m in
    tab n (fun a -> tab n (fun a' -> B.dotB w (nth a t0 []) (nth a' t0 [])))

  (** val rate_of :
      I.t -> int -> B.ball -> B.ball -> C.mball -> C.mball -> C.mball **)

  let rate_of w n et c m q =
    tab n (fun a ->
      tab n (fun a' ->
        B.sub
          (B.sub
            (B.add (nth a' (nth a m []) B.b0) (nth a (nth a' m []) B.b0))
            (B.mul w et (nth a' (nth a q []) B.b0)))
          (if (=) a a' then c else B.b0)))

  (** val numbers : I.t -> variant_certificate -> centreB -> int -> B.ball **)

  let numbers w c u i =
    let d0 = B.ofD w in
    let wt = c.v_leg.l_witness in
    let st = c.v_leg.l_statement in
    let bn = map (C.nrmB w) (u_beta u) in
    let cn = map (C.nrmB w) (u_c u) in
    let kn0 = map (C.nrmB w) (u_K u) in
    let c5 = B.map2 (B.mul w) cn cn in
    nth i
      ((u_rp u) :: ((B.ofInt w (u_p u)) :: ((d0 c.v_eta) :: ((d0 st.s_alpha) :: (
      (d0 wt.w_M_min) :: ((d0 wt.w_G_max) :: ((B.bsqrt w (d0 wt.w_G_max)) :: (
      (d0 wt.w_K_norm) :: ((F.coq_L1B c.v_psi w) :: ((F.coq_L2B c.v_psi w) :: (
      (C.maxball kn0) :: ((C.nrmB w (B.map2 (B.mul w) kn0 kn0)) :: ((C.nrmB w
                                                                    cn) :: (
      (C.nrmB w c5) :: ((B.bsqrt w (C.nrmB w c5)) :: ((B.dotB w bn c5) :: (
      (C.nrmB w (B.map2 (B.mul w) bn cn)) :: ((C.maxball cn) :: ((frobB w
                                                                   (u_e u)) :: (
      (C.nrmB w bn) :: ((d0 c.v_radius) :: ((B.dotB w
                                              (concat (map (map d0) c.v_b))
                                              (concat (u_beta u))) :: (
      (frobB w (map (map d0) c.v_b)) :: ((d0 st.s_cos_min) :: ((d0
                                                                 st.s_cos_max) :: (
      (d0 wt.w_M_max) :: [])))))))))))))))))))))))))) B.b0

  (** val with_entry : (int -> B.ball) -> B.ball list -> int -> B.ball **)

  let with_entry v l i =
    if Nat.ltb i (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
         (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
         (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
         (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
         (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
         (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
         (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
         0))))))))))))))))))))))))))
    then v i
    else nth
           (sub i (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
             (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
             (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
             (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
             (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
             (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
             (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
             (Stdlib.Int.succ (Stdlib.Int.succ (Stdlib.Int.succ
             (Stdlib.Int.succ (Stdlib.Int.succ 0))))))))))))))))))))))))))) l
           B.b0

  (** val signs_ok :
      I.t -> variant_certificate -> centreB -> (int -> B.ball) -> bool **)

  let signs_ok w c u v =
    let bp = c.v_backpropagation in
    let (r, f) = eval w v f_R0 in
    let (x, g) = eval w v b_x in
    let bn = map (C.nrmB w) (u_beta u) in
    let cn = map (C.nrmB w) (u_c u) in
    let kn0 = map (C.nrmB w) (u_K u) in
    let pn =
      if bp
      then map (C.nrmB w) (columns (length c.v_b) (u_U u))
      else map (fun _ -> B.b0) bn
    in
    let rows =
      B.map2 (fun x0 x1 -> (x0, x1)) bn (B.map2 (fun x0 x1 -> (x0, x1)) pn cn)
    in
    (&&) ((&&) f g)
      (forallb (fun ok -> ok)
        (B.map2 (fun col k ->
          forallb (fun ok -> ok)
            (B.map2 (fun a row ->
              above_0 w
                (with_entry v
                  ((fst row) :: ((fst (snd row)) :: ((snd (snd row)) :: (k :: (
                  (B.babs (B.ofD w a)) :: (r :: (x :: [])))))))) (f_margin bp))
              col rows)) c.v_A kn0))

  (** val rectangle : double0 list list -> int -> int -> bool **)

  let rectangle l a b =
    (&&) ((=) (length l) a) (forallb (fun row -> (=) (length row) b) l)

  (** val shapes_ok : I.t -> variant_certificate -> bool **)

  let shapes_ok w c =
    let n = length c.v_y in
    let p0 = length c.v_b in
    let k = length (nth 0 c.v_y []) in
    (&&)
      ((&&)
        ((&&)
          ((&&)
            ((&&)
              ((&&)
                ((&&)
                  ((&&)
                    ((&&)
                      ((&&) (Z.leb Big_int_Z.zero_big_int (I.to_Z w))
                        (Nat.ltb 0 n)) (Nat.ltb 0 p0)) (Nat.ltb 0 k))
                  (rectangle c.v_X n (length (nth 0 c.v_X []))))
                (rectangle c.v_y n k)) (rectangle c.v_b p0 k))
            (rectangle c.v_beta p0 k)) (rectangle c.v_A n p0))
        ((=) c.v_leg.l_checkpoint 0))
      (B.posb (B.bsqrt w (B.ofInt w (I.of_Z (Z.of_nat p0)))))

  (** val check_variant : I.t -> variant_certificate -> outcome **)

  let check_variant w c =
    let l = c.v_leg in
    let st = l.l_statement in
    let bp = c.v_backpropagation in
    if negb (shapes_ok w c)
    then Open (Shapes, 0)
    else if negb (dpos c.v_eta)
         then Open (Eta_positive, 0)
         else if negb (dpos st.s_alpha)
              then Open (Alpha_positive, 0)
              else if negb
                        (dle (Big_int_Z.zero_big_int, Big_int_Z.zero_big_int)
                          c.v_radius)
                   then Open (Radius_nonnegative, 0)
                   else let u = centre_of w c in
                        let table =
                          tab (Stdlib.Int.succ (Stdlib.Int.succ
                            (Stdlib.Int.succ (Stdlib.Int.succ
                            (Stdlib.Int.succ (Stdlib.Int.succ
                            (Stdlib.Int.succ (Stdlib.Int.succ
                            (Stdlib.Int.succ (Stdlib.Int.succ
                            (Stdlib.Int.succ (Stdlib.Int.succ
                            (Stdlib.Int.succ (Stdlib.Int.succ
                            (Stdlib.Int.succ (Stdlib.Int.succ
                            (Stdlib.Int.succ (Stdlib.Int.succ
                            (Stdlib.Int.succ (Stdlib.Int.succ
                            (Stdlib.Int.succ (Stdlib.Int.succ
                            (Stdlib.Int.succ (Stdlib.Int.succ
                            (Stdlib.Int.succ (Stdlib.Int.succ
                            0)))))))))))))))))))))))))) (numbers w c u)
                        in
                        let v = fun i -> nth i table B.b0 in
                        let n = mul (u_n u) (u_k u) in
                        let val0 = fun e -> fst (eval w v e) in
                        let sound = fun e -> snd (eval w v e) in
                        if negb
                             ((&&)
                               (dle (Big_int_Z.zero_big_int,
                                 Big_int_Z.zero_big_int) l.l_witness.w_K_norm)
                               (C.pd w (u_n u)
                                 (C.diag
                                   (B.sub
                                     (v (Stdlib.Int.succ (Stdlib.Int.succ
                                       (Stdlib.Int.succ (Stdlib.Int.succ
                                       (Stdlib.Int.succ (Stdlib.Int.succ
                                       (Stdlib.Int.succ 0))))))))) B.opp
                                   (u_K u))))
                        then Open (K_norm, 0)
                        else if negb
                                  ((&&)
                                    ((&&)
                                      (dle (Big_int_Z.zero_big_int,
                                        Big_int_Z.zero_big_int)
                                        l.l_witness.w_G_max) (sound f_G))
                                    (C.pd w (u_n u)
                                      (C.diag (B.sub (val0 f_G)) B.opp
                                        (u_G u))))
                             then Open (G_max, 0)
                             else let m = coq_M_of w u in
                                  let q = gram_of w n m in
                                  if negb
                                       ((&&)
                                         ((&&) (at_least_0 w v (f_step bp))
                                           (sound (f_rate bp)))
                                         (C.pd w n
                                           (rate_of w n
                                             (v (Stdlib.Int.succ
                                               (Stdlib.Int.succ 0)))
                                             (val0 (f_rate bp)) m q)))
                                  then Open (M_min, 0)
                                  else if negb
                                            ((&&) (above_0 w v (f_Mmax bp))
                                              (C.pd w n
                                                (C.diag
                                                  (B.sub
                                                    (val0 (Mul ((f_Mmax bp),
                                                      (f_Mmax bp))))) B.opp q)))
                                       then Open (M_max, 0)
                                       else if negb
                                                 ((&&)
                                                   ((||) (negb bp)
                                                     (above_0 w v f_share))
                                                   (at_least_0 w v (f_A36 bp)))
                                            then Open (A_10, 0)
                                            else if negb
                                                      (if F.frozen_signs
                                                            c.v_psi
                                                       then signs_ok w c u v
                                                       else true)
                                                 then Open (Signs, 0)
                                                 else if negb
                                                           (covers w v
                                                             (B.ofD w
                                                               st.s_error)
                                                             f_E)
                                                      then Open (Leg_error, 0)
                                                      else if negb
                                                                (covers w v
                                                                  (B.ofD w
                                                                    st.s_beta_displacement)
                                                                  (f_rho0 bp))
                                                           then Open
                                                                  (Leg_beta_displacement,
                                                                  0)
                                                           else if negb
                                                                    (covers w
                                                                    v
                                                                    (B.ofD w
                                                                    st.s_A_displacement)
                                                                    (f_A bp))
                                                                then 
                                                                  Open
                                                                    (Leg_A_displacement,
                                                                    0)
                                                                else 
                                                                  if 
                                                                    negb
                                                                    ((||)
                                                                    (dle
                                                                    st.s_cos_min
                                                                    minus_one)
                                                                    ((&&)
                                                                    ((&&)
                                                                    ((&&)
                                                                    (above_0
                                                                    w v
                                                                    b_norm)
                                                                    (above_0
                                                                    w v
                                                                    (f_inside
                                                                    bp)))
                                                                    (at_least_0
                                                                    w v
                                                                    (f_c0 bp)))
                                                                    (at_least_0
                                                                    w v
                                                                    (f_c5 bp))))
                                                                  then 
                                                                    Open
                                                                    (Cos_min,
                                                                    0)
                                                                  else 
                                                                    if 
                                                                    negb
                                                                    ((||)
                                                                    (dle
                                                                    plus_one
                                                                    st.s_cos_max)
                                                                    ((&&)
                                                                    ((&&)
                                                                    ((&&)
                                                                    (above_0
                                                                    w v
                                                                    b_norm)
                                                                    (above_0
                                                                    w v
                                                                    (f_inside
                                                                    bp)))
                                                                    (at_least_0
                                                                    w v
                                                                    (f_c6 bp)))
                                                                    (at_least_0
                                                                    w v
                                                                    (f_c7 bp))))
                                                                    then 
                                                                    Open
                                                                    (Cos_max,
                                                                    0)
                                                                    else 
                                                                    Proved
 end

module VZ = VariantDefF(ZInt)(BZ)(FZ)(CZ)

(** val check_variantZ :
    Big_int_Z.big_int -> variant_certificate -> outcome **)

let check_variantZ =
  VZ.check_variant
