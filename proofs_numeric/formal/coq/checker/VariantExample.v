(* SPDX-License-Identifier: Apache-2.0 *)
(* A certificate for backpropagation with two outputs (n = 2, d = 2, p = 12, tanh), as `alignproof certify --from checkpoint
   --rule bp` wrote it, accepted inside the kernel on machine words; and altered ones, each refused at the condition that
   its alteration makes false. *)
Require Import ZArith List.
From Alignproof Require Import Certificate VariantInstances.
Import ListNotations.
Open Scope Z_scope.

Definition small : variant_certificate :=
{| v_backpropagation := true;  v_psi := Tanh;  v_X := [[(-8522898704642993,-53); (5827464657979991,-54)];
[(7832251345264799,-53); (-8896173847043329,-54)]];  v_y := [[(-5966808521512939,-53); (-2236192287583,-42)];
[(3463247638722519,-52); (5882621092389925,-53)]];  v_b := [[(2559879880679249,-54); (7576790118934231,-54)];
[(2485091090004117,-51); (-1883823961197673,-51)]; [(-2110030951097737,-51); (-4695589859922223,-54)];
[(6869587159206787,-53); (6067054298300637,-56)]; [(-1840331795390217,-53); (1233847521260995,-51)];
[(-7818962867060043,-55); (6244116707539073,-53)]; [(4749297714974053,-52); (-5842162986538897,-54)];
[(-4849118069362715,-53); (-7695414118567779,-53)]; [(-4570290363623981,-53); (995789244874489,-49)];
[(-2257176005416619,-51); (-3049150893486515,-51)]; [(2541790134725731,-54); (-8469207720026699,-53)];
[(-2275015040121067,-53); (6462425767210401,-52)]];  v_beta := [[(1123069148136279,-49); (3292334833097143,-51)];
[(-8164005235708893,-55); (6957010443147047,-52)]; [(-3427872845377317,-52); (-1537299303234837,-49)];
[(7714088675688371,-54); (-1778882837547391,-50)]; [(-2504533492083021,-55); (-3698871088944729,-52)];
[(-2622819628085055,-52); (902824537477043,-50)]; [(308965342676589,-51); (3758160474934773,-51)];
[(-2319075841307755,-52); (3431703831870111,-52)]; [(-364327903127249,-49); (6685330652343979,-53)];
[(1444811558412799,-57); (4976480666818151,-51)]; [(-2531540198897165,-51); (-1192391373462175,-52)];
[(5699592442165489,-53); (-2747910809172229,-53)]];  v_A := [[(-7209613850336075,-52); (5268238426010743,-52);
(1536781093821723,-50); (-657323418814705,-50); (-19690983985157,-46); (-8988980378900429,-56); (679697591124041,-50);
(-2671150812218357,-53); (1590235917813981,-51); (-4128404097717229,-52); (-7837763389287105,-53);
(-1108529876378743,-53)]; [(7325215402726161,-52); (-2617886480180765,-51); (-5770572275657857,-52);
(3425999649471349,-53); (5653649021082699,-55); (-7477861773649397,-56); (-2786358793508065,-53);
(7362540521501359,-55); (-7064638149550201,-53); (8287273671267015,-53); (4822299951269085,-53);
(4338334639443415,-56)]];  v_eta := (3602879701896397,-54);  v_radius := (0,0);   v_leg := {| l_checkpoint := 0;
l_witness := {| w_M_min := (4285747215283693,-58);  w_M_max := (8655049624839371,-52);  w_G_max :=
(3045240105488977,-52);  w_K_norm := (1116078193575419,-49) |};   l_statement := {| s_alpha := (6017189090258305,-59);
s_error := (684517750601567,-67);  s_beta_displacement := (6744074130089117,-64);  s_A_displacement :=
(3331239804886271,-61);  s_cos_min := (-2250308855438053,-55);  s_cos_max := (-8981238238522535,-57) |} |} |}.
Theorem small_holds : every_run_holds small.
Proof. apply (check_variantB_sound 60). vm_cast_no_check (eq_refl Proved). Qed.

Definition with_leg (f : witness -> witness) (g : statement -> statement) : variant_certificate :=
  {| v_backpropagation := v_backpropagation small; v_psi := v_psi small; v_X := v_X small; v_y := v_y small;
    v_b := v_b small;
     v_beta := v_beta small; v_A := v_A small; v_eta := v_eta small; v_radius := v_radius small;
     v_leg := {| l_checkpoint := 0; l_witness := f (l_witness (v_leg small));
       l_statement := g (l_statement (v_leg small)) |} |}.
(* larger and smaller by about one part in a thousand *)
Definition more (d : double) : double := (fst d * 1025, snd d - 10).
Definition less (d : double) : double := (fst d * 1023, snd d - 10).
Definition witness_of (M_min M_max G_max K_norm : double -> double) (v : witness) : witness :=
  {| w_M_min := M_min (w_M_min v); w_M_max := M_max (w_M_max v); w_G_max := G_max (w_G_max v);
    w_K_norm := K_norm (w_K_norm v) |}.
Definition statement_of (alpha error beta A low high : double -> double) (s : statement) : statement :=
  {| s_alpha := alpha (s_alpha s); s_error := error (s_error s); s_beta_displacement := beta (s_beta_displacement s);
     s_A_displacement := A (s_A_displacement s); s_cos_min := low (s_cos_min s); s_cos_max := high (s_cos_max s) |}.
Definition same (d : double) := d.
Definition keep {T} (x : T) := x.
Definition refused (c : variant_certificate) (at_ : condition) := check_variantB 60 c = Open at_ 0.
Goal refused (with_leg (witness_of more same same same) keep) M_min /\
  refused (with_leg (witness_of same less same same) keep) M_max
  /\ refused (with_leg (witness_of same same less same) keep) G_max /\
    refused (with_leg (witness_of same same same less) keep) K_norm
  /\ refused (with_leg keep (statement_of more same same same same same)) A_10
  /\ refused (with_leg keep (statement_of same less same same same same)) Leg_error
  /\ refused (with_leg keep (statement_of same same less same same same)) Leg_beta_displacement
  /\ refused (with_leg keep (statement_of same same same less same same)) Leg_A_displacement
  /\ refused (with_leg keep (statement_of same same same same less same)) Cos_min
  /\ refused (with_leg keep (statement_of same same same same same more)) Cos_max.
Proof. repeat split; vm_compute; reflexivity. Qed.
