(* SPDX-License-Identifier: Apache-2.0 *)
(* The plain files of a folder, each read once: what is hashed is what is parsed. *)

open Input

let largest_array_file = 1 lsl 32
let largest_json_file = 1 lsl 24

(* What the system lacks is no fault of the certificate. *)
let system_error path accepted = function
  | Unix.ENOMEM -> raise Out_of_memory
  | (Unix.EMFILE | Unix.ENFILE) as error ->
      raise (No_verdict (one_line (Printf.sprintf "'%s' cannot be opened: %s" path (Unix.error_message error))))
  | error -> refuse "file" ("'" ^ path ^ "'") (Printf.sprintf "%s (%s)" accepted (Unix.error_message error))

let rec retried f = try f () with Unix.Unix_error (Unix.EINTR, _, _) -> retried f

let read_file path most =
  let attempt accepted f = try retried f with Unix.Unix_error (error, _, _) -> system_error path accepted error in
  let file = attempt "a file that can be read" (fun () -> Unix.openfile path [ Unix.O_RDONLY; Unix.O_CLOEXEC; Unix.O_NONBLOCK ] 0) in
  let require_size size =
    if size > most then refuse "file" ("'" ^ path ^ "'") (Printf.sprintf "a file of at most %d bytes" most)
  in
  Fun.protect ~finally:(fun () -> Unix.close file) @@ fun () ->
  let size = (attempt "a file that can be read" (fun () -> Unix.LargeFile.fstat file)).Unix.LargeFile.st_size in
  require_size (Int64.to_int size);
  let all = Buffer.create (Int64.to_int size + 1) and block = Bytes.create 65536 in
  let rec go () =
    let count = attempt "a file that can be read to its end" (fun () -> Unix.read file block 0 (Bytes.length block)) in
    if count > 0 then (
      Buffer.add_subbytes all block 0 count;
      require_size (Buffer.length all);
      go ())
  in
  go ();
  Buffer.contents all

let exists path = match Unix.lstat path with _ -> true | exception Unix.Unix_error _ -> false

(* name -> bytes; a name that is not known is refused before the file is read *)
let read folder known =
  let entries =
    try Unix.opendir folder with Unix.Unix_error (error, _, _) -> system_error folder "a certificate folder that can be read" error
  in
  Fun.protect ~finally:(fun () -> Unix.closedir entries) @@ fun () ->
  let rec go files =
    match Unix.readdir entries with
    | exception End_of_file -> files
    | "." | ".." -> go files
    | name ->
        let refuse_entry () = refuse "file in the certificate folder" ("'" ^ beginning 80 name ^ "'") ("only plain files " ^ String.concat ", " known) in
        if not (List.mem name known) then refuse_entry ();
        let path = Filename.concat folder name in
        (match Unix.LargeFile.lstat path with
        | { Unix.LargeFile.st_kind = Unix.S_REG; _ } -> ()
        | _ -> refuse_entry ()
        | exception Unix.Unix_error _ -> refuse_entry ());
        let most = if Filename.check_suffix name ".json" then largest_json_file else largest_array_file in
        go ((name, read_file path most) :: files)
  in
  go []
