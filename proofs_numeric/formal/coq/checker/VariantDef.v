(* SPDX-License-Identifier: Apache-2.0 *)
(* The checker of certificates for k outputs and for backpropagation from a checkpoint (theorem_a_variants.md, sections 16 to
   18, with the traces for B2, QV, QH and (A.36)): everything that is computed, and no real number, so that it extracts
   cleanly. Formulas are written once, as expressions that are evaluated on balls and read as reals. *)
Require Import ZArith List Bool.
From Alignproof Require Import Integers Certificate BallDef ActDef CheckDef.
Import ListNotations.

Inductive expr := Var (i : nat) | Const (k : Z) | Add (a b : expr) | Sub (a b : expr) | Mul (a b : expr) | Div (a b : expr).
Declare Scope expr_scope.
Delimit Scope expr_scope with expr.
Infix "+" := Add : expr_scope. Infix "-" := Sub : expr_scope. Infix "*" := Mul : expr_scope. Infix "/" := Div : expr_scope.

(* The numbers of a certificate and of its centre, in the names of theory/Variants.v. *)
Section Formulas.
Local Open Scope expr_scope.
Variable bp : bool.
Definition rp := Var 0. Definition p := Var 1. Definition eta := Var 2. Definition alpha := Var 3. Definition m0 := Var 4.
Definition Gmax := Var 5. Definition Gs := Var 6. Definition Kn := Var 7. Definition L1 := Var 8. Definition L2 := Var 9.
Definition kmax := Var 10. Definition koK := Var 11.
Definition c_norm := Var 12.                 (* |c|_F *)
Definition fourth := Var 13.                 (* sqrt(sum |c_r|^4), and its root *)
Definition root4 := Var 14.
Definition third := Var 15.                  (* sum |beta_r| |c_r|^2 *)
Definition mixed := Var 16.                  (* sqrt(sum |beta_r|^2 |c_r|^2) *)
Definition cmax := Var 17.
Definition error0 := Var 18.                 (* |e| at the centre *)
Definition beta_norm := Var 19.
Definition d := Var 20.                      (* the radius *)
Definition b_beta := Var 21. Definition b_norm := Var 22. Definition cos_min := Var 23. Definition cos_max := Var 24.
Definition Mmax := Var 25.
Definition one := Const 1. Definition two := Const 2. Definition three := Const 3.

Definition f_q0 := L1 * d / rp.
Definition f_gG := two * Gs * f_q0 + f_q0 * f_q0.
Definition f_s0_0 := c_norm / rp.
Definition f_J0 := if bp then L1 * L1 * Kn * (two * f_s0_0 * d / rp + d * d / p) else L1 * L1 * Kn * f_s0_0 * d / rp.
Definition f_gH := f_J0 + two * L1 * L2 * Kn * (mixed / rp) * d / rp.
Definition f_m0 := m0 + (f_gG + f_gH).                                    (* what (A.30) is asked with at the centre *)
Definition f_E := error0 + ((Gs + f_q0) * d + f_q0 * beta_norm).
Definition f_R := f_E / alpha.
Definition f_s0 := if bp then f_s0_0 + d / rp else f_s0_0.
Definition f_B4 := (if bp then (root4 + d) * (root4 + d) else fourth) / p.
Definition f_Q := if bp then third / p + three * (fourth / p) * d + (three * cmax + d) * (d * d) / p else third / p
  + fourth / p * d.
Definition f_cmax := if bp then cmax + d else cmax.
Definition f_h2 := two * L1 * L1 * L2 * kmax * Kn / rp.
Definition f_v2 := L1 * L1 * L2 * koK / (two * rp).
(* feedback alignment, section 11 *)
Definition a_kap := L1 * L1 * f_s0 * Kn / rp.
Definition a_q := a_kap * f_R.
Definition a_rho := f_R * (Gs + one * a_q).
Definition a_dG := two * Gs * a_q + a_q * a_q.
Definition a_dH := L1 * L1 * Kn * f_s0 * a_rho / rp + f_h2 * (f_Q * f_R).
Definition a_Cv := a_kap * (Gs + a_q) + f_v2 * (f_Q + f_B4 * a_rho).
(* backpropagation, section 13 *)
Definition b_x := L1 * L1 * Kn * f_R / rp.
Definition b_rho := f_R * (Gs + b_x * f_s0) / (one - b_x * f_R / rp).
Definition b_sbar := f_s0 + b_rho / rp.
Definition b_q := b_x * b_sbar.
Definition b_dG := two * Gs * b_q + b_q * b_q.
Definition b_dH := L1 * L1 * Kn * (two * f_s0 * b_rho / rp + b_rho * b_rho / p) + f_h2 * (f_R * (f_Q + f_B4 * b_rho)).
Definition b_Qbar := f_Q + three * f_B4 * b_rho + (three * f_cmax + b_rho) * (b_rho * b_rho) / p.
Definition b_Cv := L1 * L1 * b_sbar * Kn / rp * (Gs + b_q) + f_v2 * b_Qbar.
Definition f_D := if bp then b_dG + b_dH else a_dG + a_dH.
Definition f_Cv := if bp then b_Cv else a_Cv.
Definition f_rho := if bp then b_rho else a_rho.
Definition f_A := if bp then L1 * Kn * b_sbar * f_R else L1 * f_s0 * Kn * f_R.
(* the conditions *)
Definition f_step := one - eta * f_m0.
Definition f_share := p - L1 * L1 * Kn * (f_R * f_R).
Definition f_A36 := m0 - f_D - eta * f_Cv * f_E - alpha.
(* (A.23) over the neighbourhood, multiplied by the denominators *)
Definition f_w := f_rho + d.
Definition f_inside := beta_norm - f_w.
Definition f_c1 := b_beta - f_w * b_norm - cos_min * ((beta_norm - f_w) * b_norm).
Definition f_c2 := b_beta - f_w * b_norm - cos_min * ((beta_norm + f_w) * b_norm).
Definition f_c3 := cos_max * ((beta_norm - f_w) * b_norm) - (b_beta + f_w * b_norm).
Definition f_c4 := cos_max * ((beta_norm + f_w) * b_norm) - (b_beta + f_w * b_norm).
(* relu: (A.48), (A.49) with (A.66), of one entry *)
Definition brow := Var 26. Definition psirow := Var 27. Definition crow := Var 28.       (* |beta_r|, |psi_r|, |c_r| *)
Definition krow := Var 29. Definition a_ri := Var 30.                                    (* k_i, |a_ri| *)
Definition R_0 := Var 31. Definition x_0 := Var 32.                                      (* R and x, computed once *)
Definition f_pull := if bp then (brow + d) + R_0 / rp * ((psirow + L1 * d) + x_0 * (brow + d)) / (one
  - x_0 * R_0 / rp) else crow.
Definition f_margin := a_ri - d - f_pull * (krow / rp * R_0).
(* (A.30): 2 m0 - eta m0^2 *)
Definition f_rate := two * f_m0 - eta * (f_m0 * f_m0).
Definition f_G := Gmax - f_gG.
Definition f_Mmax := Mmax - (f_gG + f_gH).
End Formulas.

Module VariantDefF (I : INT) (Import B : BallDefT I) (Import F : ActDefT I B) (Import C : CheckDefT I B F).
Definition tab {T} (n : nat) (f : nat -> T) : list T := map f (seq 0 n).
Section Compute.
Variable w : I.t.
(* The value, and whether every division was by something positive. *)
Fixpoint eval (v : nat -> ball) (e : expr) : ball * bool :=
  match e with
  | Var i => (v i, true)
  | Const k => (ofInt w (I.of_Z k), true)
  | Add a b => let (x, f) := eval v a in let (y, g) := eval v b in (add x y, f && g)
  | Sub a b => let (x, f) := eval v a in let (y, g) := eval v b in (sub x y, f && g)
  | Mul a b => let (x, f) := eval v a in let (y, g) := eval v b in (mul w x y, f && g)
  | Div a b => let (x, f) := eval v a in let (y, g) := eval v b in (div w x y, f && g && posb y)
  end.
Definition at_least_0 v e := let (x, f) := eval v e in f && nonneg x.
Definition above_0 v e := let (x, f) := eval v e in f && posb x.
(* x >= e *)
Definition covers v (x : ball) e := let (y, f) := eval v e in f && nonneg (sub x y).

Definition columns (k : nat) (L : mball) : mball := tab k (fun o => map (fun row => nth o row b0) L).
Definition frobB (L : mball) : ball := nrmB w (map (nrmB w) L).

(* Everything at the centre. *)
Record centreB := { u_n : nat; u_k : nat; u_p : I.t; u_rp : ball; u_K : mball; u_U : mball; u_D : mball;
  u_beta : mball; u_c : mball; u_e : mball; u_G : mball }.
Definition centre_of (c : variant_certificate) : centreB :=
  let D := map (map (ofD w)) in
  let n := length (v_y c) in let k := length (nth 0 (v_y c) []) in
  let pz := I.of_Z (Z.of_nat (length (v_b c))) in
  let rpB := bsqrt w (ofInt w pz) in
  let V := map (map (activate (v_psi c) w)) (D (v_A c)) in
  let U := map (map fst) V in
  let beta := D (v_beta c) in
  let betaT := columns k beta in
  let e := tab n (fun i => tab k (fun o =>
    sub (div w (dotB w (nth i U []) (nth o betaT [])) rpB) (ofD w (nth o (nth i (v_y c) []) (0, 0)%Z)))) in
  {| u_n := n; u_k := k; u_p := pz; u_rp := rpB; u_K := outer (D (v_X c)) (dotB w); u_U := U; u_D := map (map snd) V;
     u_beta := beta; u_c := if v_backpropagation c then beta else D (v_b c); u_e := e;
     u_G := outer U (fun x y => divk pz (dotB w x y)) |}.
(* (A.25), index i k + c *)
Definition M_of (u : centreB) : mball :=
  let k := u_k u in let nk := (u_n u * k)%nat in
  let scaled (L : mball) := let T := columns k L in tab nk (fun a => map2 (mul w) (nth (a / k) (u_D u) [])
    (nth (a mod k) T [])) in
  let SB := scaled (u_beta u) in let SC := scaled (u_c u) in
  tab nk (fun a => tab nk (fun a' =>
    let h := mul w (divk (u_p u) (nth (a' / k) (nth (a / k) (u_K u) []) b0)) (dotB w (nth a SB []) (nth a' SC [])) in
    add (if Nat.eqb (a mod k) (a' mod k) then nth (a' / k) (nth (a / k) (u_G u) []) b0 else b0) h)).
(* M + M^T - eta M^T M - c I and M^T M, from M *)
Definition gram_of (N : nat) (M : mball) : mball := let T :=
  columns N M in tab N (fun a => tab N (fun a' => dotB w (nth a T []) (nth a' T []))).
Definition rate_of (N : nat) (et c : ball) (M Q : mball) : mball :=
  tab N (fun a => tab N (fun a' =>
    sub (sub (add (nth a' (nth a M []) b0) (nth a (nth a' M []) b0)) (mul w et (nth a' (nth a Q []) b0)))
        (if Nat.eqb a a' then c else b0))).
Definition numbers (c : variant_certificate) (u : centreB) (i : nat) : ball :=
  let D := ofD w in
  let wt := l_witness (v_leg c) in let st := l_statement (v_leg c) in
  let bn := map (nrmB w) (u_beta u) in let cn := map (nrmB w) (u_c u) in let kn := map (nrmB w) (u_K u) in
  let c2 := map2 (mul w) cn cn in
  nth i [u_rp u; ofInt w (u_p u); D (v_eta c); D (s_alpha st); D (w_M_min wt); D (w_G_max wt); bsqrt w (D (w_G_max wt));
    D (w_K_norm wt); L1B (v_psi c) w; L2B (v_psi c) w; maxball kn; nrmB w (map2 (mul w) kn kn); nrmB w cn; nrmB w c2;
    bsqrt w (nrmB w c2); dotB w bn c2; nrmB w (map2 (mul w) bn cn); maxball cn; frobB (u_e u); nrmB w bn; D (v_radius c);
    dotB w (concat (map (map D) (v_b c))) (concat (u_beta u)); frobB (map (map D) (v_b c)); D (s_cos_min st);
      D (s_cos_max st);
    D (w_M_max wt)] b0.

(* the numbers with those of one entry *)
Definition with_entry (v : nat -> ball) (l : list ball) (i : nat) : ball := if Nat.ltb i 26 then v i else nth (i - 26) l b0.
Definition signs_ok (c : variant_certificate) (u : centreB) (v : nat -> ball) : bool :=
  let bp := v_backpropagation c in
  let (R, f) := eval v f_R in let (x, g) := eval v b_x in
  let bn := map (nrmB w) (u_beta u) in let cn := map (nrmB w) (u_c u) in let kn := map (nrmB w) (u_K u) in
  let pn := if bp then map (nrmB w) (columns (length (v_b c)) (u_U u)) else map (fun _ => b0) bn in
  let rows := map2 pair bn (map2 pair pn cn) in
  f && g && forallb (fun ok => ok) (map2 (fun col k => forallb (fun ok => ok)
    (map2 (fun a row => above_0 (with_entry v [fst row; fst (snd row); snd (snd row); k; babs (ofD w a); R;
      x]) (f_margin bp)) col rows))
    (v_A c) kn).

Definition rectangle (L : list (list double)) (a b : nat) :=
  Nat.eqb (length L) a && forallb (fun row => Nat.eqb (length row) b) L.
Definition shapes_ok (c : variant_certificate) : bool :=
  let n := length (v_y c) in let p := length (v_b c) in let k := length (nth 0 (v_y c) []) in
  (0 <=? I.to_Z w)%Z && Nat.ltb 0 n && Nat.ltb 0 p && Nat.ltb 0 k && rectangle (v_X c) n (length (nth 0 (v_X c) []))
  && rectangle (v_y c) n k && rectangle (v_b c) p k && rectangle (v_beta c) p k && rectangle (v_A c) n p
  && Nat.eqb (l_checkpoint (v_leg c)) 0 && posb (bsqrt w (ofInt w (I.of_Z (Z.of_nat p)))).

Definition check_variant (c : variant_certificate) : outcome :=
  let l := v_leg c in let st := l_statement l in let bp := v_backpropagation c in
  if negb (shapes_ok c) then Open Shapes 0
  else if negb (dpos (v_eta c)) then Open Eta_positive 0
  else if negb (dpos (s_alpha st)) then Open Alpha_positive 0
  else if negb (dle (0, 0)%Z (v_radius c)) then Open Radius_nonnegative 0
  else
    let u := centre_of c in
    (* tabulated, so that nothing is computed twice *)
    let table := tab 26 (numbers c u) in
    let v i := nth i table b0 in
    let N := (u_n u * u_k u)%nat in
    let val e := fst (eval v e) in let sound e := snd (eval v e) in
    if negb (dle (0, 0)%Z (w_K_norm (l_witness l)) && pd w (u_n u) (diag (sub (v 7%nat)) opp (u_K u))) then Open K_norm 0
    else if negb (dle (0, 0)%Z (w_G_max (l_witness l)) && sound f_G && pd w (u_n u)
      (diag (sub (val f_G)) opp (u_G u))) then Open G_max 0
    else
      let M := M_of u in let Q := gram_of N M in
      if negb (at_least_0 v (f_step bp) && sound (f_rate bp) && pd w N (rate_of N (v 2%nat) (val (f_rate bp)) M Q)) then
        Open M_min 0
      else if negb (above_0 v (f_Mmax bp) && pd w N (diag (sub (val (f_Mmax bp * f_Mmax bp)%expr)) opp Q)) then Open M_max 0
      else if negb ((negb bp || above_0 v f_share) && at_least_0 v (f_A36 bp)) then Open A_10 0
      else if negb (if frozen_signs (v_psi c) then signs_ok c u v else true) then Open Signs 0
      else if negb (covers v (ofD w (s_error st)) (f_E)) then Open Leg_error 0
      else if negb (covers v (ofD w (s_beta_displacement st)) (f_rho bp)) then Open Leg_beta_displacement 0
      else if negb (covers v (ofD w (s_A_displacement st)) (f_A bp)) then Open Leg_A_displacement 0
      else if negb (dle (s_cos_min st) minus_one || (above_0 v b_norm && above_0 v (f_inside bp) && at_least_0 v (f_c1 bp)
        && at_least_0 v (f_c2 bp)))
        then Open Cos_min 0
      else if negb (dle plus_one (s_cos_max st) || (above_0 v b_norm && above_0 v (f_inside bp) && at_least_0 v (f_c3 bp)
        && at_least_0 v (f_c4 bp)))
        then Open Cos_max 0
      else Proved.
End Compute.
End VariantDefF.
(* as a module type, so that the proofs speak of the very module that is run *)
Module Type VariantDefT (I : INT) (B : BallDefT I) (F : ActDefT I B) (C : CheckDefT I B F).
Include VariantDefF I B F C.
End VariantDefT.
